// The ring with a driver that keeps the rules, and with one that breaks each of them.
#include "vsock/virtqueue.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "vsock/guest_driver.h"

namespace notifyspec::vsock {
namespace {

constexpr std::uint16_t kSize = 8;
constexpr std::uint64_t kBuffers = SharedMemory::kGuestAddress + 0x2000;
constexpr std::uint64_t kTable = SharedMemory::kGuestAddress + 0x4000;
constexpr std::uint64_t kMemorySize = 0x8000;
constexpr std::uint64_t kMemoryEnd = SharedMemory::kGuestAddress + kMemorySize;
constexpr std::uint16_t kNext = 1, kWrite = 2, kIndirect = 4;

class Ring : public testing::Test {
 protected:
  Virtqueue open(RingFeatures features = {.indirect = true}, std::uint16_t next_available = 0) {
    return *Virtqueue::open(view_, driver_.place(), features, next_available);
  }
  /// Offers the one descriptor that is described and says what becomes of it.
  std::optional<RingFault> fault(std::uint64_t address, std::uint32_t length, std::uint16_t flags,
                                 std::uint16_t next = 0) {
    driver_.write_descriptor(driver_.descriptors(), 0, address, length, flags, next);
    return offered_fault(0);
  }
  std::optional<RingFault> offered_fault(std::uint16_t head, RingFeatures features = {.indirect = true}) {
    DriverRing fresh(memory_, SharedMemory::kGuestAddress, kSize);
    fresh.offer_head(head);
    auto queue = open(features);
    const auto popped = queue.pop(view_, chain_);
    if (popped) return std::nullopt;
    EXPECT_FALSE(describe(popped.error()).empty());
    return popped.error();
  }

  SharedMemory memory_{kMemorySize};
  GuestMemory view_ = memory_.view();
  DriverRing driver_{memory_, SharedMemory::kGuestAddress, kSize};
  Chain chain_;
};

TEST_F(Ring, CarriesChainsRoundAndRound) {
  auto queue = open();
  EXPECT_FALSE(*queue.pop(view_, chain_));
  for (std::uint32_t i = 0; i < 5 * kSize; ++i) {
    const std::vector<DriverBuffer> buffers = {
        {.address = kBuffers, .length = 3},
        {.address = kBuffers + 100, .length = 2},
        {.address = kBuffers + 200, .length = i + 1, .writable = true}};
    std::memcpy(memory_.at(kBuffers), "abc", 3);
    std::memcpy(memory_.at(kBuffers + 100), "de", 2);
    const std::uint16_t head = driver_.offer(buffers);
    ASSERT_TRUE(*queue.pop(view_, chain_));
    EXPECT_EQ(chain_.head, head);
    EXPECT_EQ(chain_.readable_size, 5U);
    EXPECT_EQ(chain_.writable_size, i + 1);
    std::string read(4, '?');
    chain_.copy_out(1, std::as_writable_bytes(std::span(read)));
    EXPECT_EQ(read, "bcde");
    chain_.copy_in(std::as_bytes(std::span("!", 1)));
    EXPECT_EQ(*memory_.at(kBuffers + 200), std::byte{'!'});
    queue.push(chain_.head, i);
    EXPECT_EQ(driver_.take_used(), std::pair(head, i));
  }
  EXPECT_EQ(queue.next_available(), 5 * kSize);
}

TEST_F(Ring, GoesOnWhereItWasStopped) {
  auto queue = open();
  const DriverBuffer buffer = {.address = kBuffers, .length = 1};
  driver_.offer({&buffer, 1});
  driver_.offer({&buffer, 1});
  ASSERT_TRUE(*queue.pop(view_, chain_));
  queue.push(chain_.head, 0);
  auto again = open({}, queue.next_available());
  ASSERT_TRUE(*again.pop(view_, chain_));
  again.push(chain_.head, 0);
  EXPECT_FALSE(*again.pop(view_, chain_));
  EXPECT_TRUE(driver_.take_used());
  EXPECT_TRUE(driver_.take_used());
}

TEST_F(Ring, FollowsAnIndirectTable) {
  driver_.write_descriptor(kTable, 0, kBuffers, 4, kNext, 2);
  driver_.write_descriptor(kTable, 2, kBuffers + 4, 6, kNext, 1);
  driver_.write_descriptor(kTable, 1, kBuffers + 10, 8, kWrite, 0);
  EXPECT_EQ(fault(kTable, 3 * 16, kIndirect), std::nullopt);
  EXPECT_EQ(chain_.readable_size, 10U);
  EXPECT_EQ(chain_.writable_size, 8U);
}

TEST_F(Ring, IsRefusedWhereItCannotLie) {
  const auto refused = [&](auto change) {
    RingPlace place = driver_.place();
    change(place);
    const auto queue = Virtqueue::open(view_, place, {}, 0);
    return queue ? std::nullopt : std::optional(queue.error());
  };
  EXPECT_EQ(refused([](RingPlace&) {}), std::nullopt);
  for (const std::uint32_t size : {0U, 3U, 65536U, 0xffffffffU}) {
    EXPECT_EQ(refused([&](RingPlace& place) { place.size = size; }), RingFault::kRingSize) << size;
  }
  EXPECT_EQ(refused([](RingPlace& place) { place.descriptors += 8; }), RingFault::kRingAddress);
  EXPECT_EQ(refused([](RingPlace& place) { place.available += 1; }), RingFault::kRingAddress);
  EXPECT_EQ(refused([](RingPlace& place) { place.used += 2; }), RingFault::kRingAddress);
  EXPECT_EQ(refused([](RingPlace& place) { place.used = 0; }), RingFault::kRingAddress);
  EXPECT_EQ(refused([](RingPlace& place) { place.descriptors = ~std::uint64_t{15}; }),
            RingFault::kRingAddress);
  constexpr std::uint64_t kUserEnd = SharedMemory::kUserAddress + kMemorySize;
  // Two bytes of the event index would stand behind the end.
  EXPECT_EQ(refused([](RingPlace& place) { place.used = kUserEnd - 4 - 8 * kSize; }),
            RingFault::kRingAddress);
}

TEST_F(Ring, BreaksOnAnIndexThatIsTooFarAhead) {
  auto queue = open();
  driver_.set_available_index(kSize + 1);
  EXPECT_EQ(queue.pop(view_, chain_).error(), RingFault::kAvailableIndex);
  driver_.set_available_index(0xffff);
  EXPECT_EQ(queue.pop(view_, chain_).error(), RingFault::kAvailableIndex);
}

TEST_F(Ring, BreaksOnAHeadOrNextOutsideTheTable) {
  EXPECT_EQ(offered_fault(kSize), RingFault::kHeadIndex);
  EXPECT_EQ(offered_fault(0xffff), RingFault::kHeadIndex);
  EXPECT_EQ(fault(kBuffers, 1, kNext, kSize), RingFault::kNextIndex);
}

TEST_F(Ring, BreaksOnACircle) {
  EXPECT_EQ(fault(kBuffers, 1, kNext, 0), RingFault::kChainLength);
  EXPECT_EQ(fault(kBuffers, 0, kNext, 0), RingFault::kChainLength) << "of nothing, too";
  driver_.write_descriptor(kTable, 0, kBuffers, 1, kNext, 1);
  driver_.write_descriptor(kTable, 1, kBuffers, 1, kNext, 0);
  EXPECT_EQ(fault(kTable, 2 * 16, kIndirect), RingFault::kChainLength);
}

TEST_F(Ring, TakesBuffersUpToTheLastByteAndNoFurther) {
  EXPECT_EQ(fault(kMemoryEnd - 1, 1, 0), std::nullopt);
  EXPECT_EQ(fault(kMemoryEnd - 1, 2, 0), RingFault::kBufferAddress);
  EXPECT_EQ(fault(kMemoryEnd, 1, kWrite), RingFault::kBufferAddress);
  EXPECT_EQ(fault(kBuffers, 0xffffffff, 0), RingFault::kBufferAddress);
  EXPECT_EQ(fault(~std::uint64_t{0}, 1, 0), RingFault::kBufferAddress);
  EXPECT_EQ(fault(~std::uint64_t{0}, 0xffffffff, kWrite), RingFault::kBufferAddress);
  EXPECT_EQ(fault(SharedMemory::kUserAddress, 1, 0), RingFault::kBufferAddress)
      << "the VMM's addresses are not the guest's";
}

TEST_F(Ring, BreaksOnAReadableBufferBehindAWritableOne) {
  driver_.write_descriptor(driver_.descriptors(), 1, kBuffers, 1, 0, 0);
  EXPECT_EQ(fault(kBuffers, 1, kWrite | kNext, 1), RingFault::kBufferOrder);
}

TEST_F(Ring, BreaksOnAnIndirectTableWhereNoneMayBe) {
  driver_.write_descriptor(kTable, 0, kTable, 16, kIndirect, 0);
  EXPECT_EQ(fault(kTable, 16, kIndirect), RingFault::kIndirect) << "inside another";
  EXPECT_EQ(fault(kTable, 16, kIndirect | kNext, 1), RingFault::kIndirect) << "with a next one";
  driver_.write_descriptor(driver_.descriptors(), 0, kTable, 16, kIndirect, 0);
  EXPECT_EQ(offered_fault(0, {.indirect = false}), RingFault::kIndirect) << "not negotiated";
}

TEST_F(Ring, BreaksOnAnIndirectTableOfAWrongSize) {
  for (const std::uint32_t size : {0U, 1U, 15U, 17U, 0xfffffff0U, 1025U * 16}) {
    EXPECT_EQ(fault(kTable, size, kIndirect), RingFault::kIndirectTable) << size;
  }
  EXPECT_EQ(fault(kMemoryEnd - 16, 32, kIndirect), RingFault::kIndirectTable);
  driver_.write_descriptor(kTable, 0, kBuffers, 1, kNext, 1);
  EXPECT_EQ(fault(kTable, 16, kIndirect), RingFault::kNextIndex);
}

TEST(RingOfMuch, BreaksOnAChainOfMoreThanFourGiB) {
  // Buffers may overlap, so that a small memory makes a long chain.
  constexpr std::uint16_t kLong = 1024;
  SharedMemory memory(std::size_t{16} << 20);
  DriverRing driver(memory, SharedMemory::kGuestAddress, kLong);
  for (std::uint16_t i = 0; i < kLong; ++i) {
    driver.write_descriptor(driver.descriptors(), i, SharedMemory::kGuestAddress, 16U << 20,
                            i + 1 < kLong ? kNext : std::uint16_t{0}, static_cast<std::uint16_t>(i + 1));
  }
  driver.offer_head(0);
  const GuestMemory view = memory.view();
  auto queue = *Virtqueue::open(view, driver.place(), {}, 0);
  Chain chain;
  EXPECT_EQ(queue.pop(view, chain).error(), RingFault::kChainSize);
}

// --- signals

TEST_F(Ring, SignalsUnlessTheDriverAskedNotTo) {
  auto queue = open({});
  EXPECT_FALSE(queue.signal_due()) << "nothing was pushed";
  queue.push(0, 0);
  EXPECT_TRUE(queue.signal_due());
  EXPECT_FALSE(queue.signal_due()) << "told once";
  store_le<std::uint16_t>(memory_.at(driver_.available()), 1);
  queue.push(0, 0);
  EXPECT_FALSE(queue.signal_due());
}

TEST_F(Ring, SignalsAtTheEventIndexAlone) {
  auto queue = open({.event_index = true});
  const auto set_event = [&](std::uint16_t index) {
    store_le<std::uint16_t>(memory_.at(driver_.available() + 4 + 2 * kSize), index);
  };
  set_event(1);
  queue.push(0, 0);
  EXPECT_FALSE(queue.signal_due()) << "it waits for the second";
  queue.push(0, 0);
  EXPECT_TRUE(queue.signal_due());
  queue.push(0, 0);
  EXPECT_FALSE(queue.signal_due()) << "it has not asked again";
  set_event(4);
  for (int i = 0; i < 5; ++i) queue.push(0, 0);
  EXPECT_TRUE(queue.signal_due()) << "passed in one go";
}

TEST_F(Ring, AsksForKicksFromWhereItIs) {
  auto queue = open({.event_index = true});
  EXPECT_FALSE(queue.await_kick());
  const DriverBuffer buffer = {.address = kBuffers, .length = 1};
  driver_.offer({&buffer, 1});
  EXPECT_TRUE(queue.await_kick()) << "it came in between";
  ASSERT_TRUE(*queue.pop(view_, chain_));
  EXPECT_FALSE(queue.await_kick());
  EXPECT_EQ(load_le<std::uint16_t>(memory_.at(driver_.used() + 4 + 8 * kSize)), 1U);
}

}  // namespace
}  // namespace notifyspec::vsock
