#include "vsock/guest_memory.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace notifyspec::vsock {
namespace {

class TwoRegions : public testing::Test {
 protected:
  std::array<std::byte, 64> low_{};
  std::array<std::byte, 32> high_{};
  // Neighbours for the guest, and the second ends where addresses do.
  GuestMemory memory_{
      {{.guest_address = 0x1000, .user_address = 0x9000, .bytes = low_},
       {.guest_address = 0x1040, .user_address = 0x5000, .bytes = high_},
       {.guest_address = std::numeric_limits<std::uint64_t>::max() - 31, .user_address = 0, .bytes = high_}}};
};

TEST_F(TwoRegions, FindsBytesWithinOne) {
  EXPECT_EQ(memory_.at_guest(0x1000, 64)->data(), low_.data());
  EXPECT_EQ(memory_.at_guest(0x103f, 1)->data(), low_.data() + 63);
  EXPECT_EQ(memory_.at_guest(0x1040, 32)->data(), high_.data());
  EXPECT_EQ(memory_.at_user(0x9010, 8)->data(), low_.data() + 16);
  EXPECT_EQ(memory_.at_user(0x5000, 1)->data(), high_.data());
}

TEST_F(TwoRegions, RefusesWhatIsNotWhollyWithinOne) {
  EXPECT_FALSE(memory_.at_guest(0xfff, 1));
  EXPECT_FALSE(memory_.at_guest(0xfff, 2));
  EXPECT_FALSE(memory_.at_guest(0x103f, 2)) << "the neighbour is other memory here";
  EXPECT_FALSE(memory_.at_guest(0x1060, 1));
  EXPECT_FALSE(memory_.at_guest(0x1000, 65));
  EXPECT_FALSE(memory_.at_user(0x1000, 1));
  EXPECT_FALSE(GuestMemory().at_guest(0, 0));
}

TEST_F(TwoRegions, DoesNotOverflow) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_FALSE(memory_.at_guest(0x1010, kMost));
  EXPECT_FALSE(memory_.at_guest(0x1010, kMost - 0x1010 + 1)) << "the sum would be 0";
  EXPECT_TRUE(memory_.at_guest(kMost, 1));
  EXPECT_FALSE(memory_.at_guest(kMost, 2));
}

}  // namespace
}  // namespace notifyspec::vsock
