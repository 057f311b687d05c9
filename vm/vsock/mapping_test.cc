#include "vsock/mapping.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <limits>

namespace notifyspec::vsock {
namespace {

os::UniqueFd memory_of(off_t size) {
  os::UniqueFd fd(memfd_create("mapping_test", MFD_CLOEXEC));
  EXPECT_EQ(ftruncate(fd.get(), size), 0);
  return fd;
}

TEST(Mapping, SharesBytesFromAnyOffsetOn) {
  const os::UniqueFd fd = memory_of(8192);
  ASSERT_EQ(pwrite(fd.get(), "x", 1, 4100), 1);
  auto mapping = Mapping::map(fd, 4100, 100);
  ASSERT_TRUE(mapping) << mapping.error().reason;
  EXPECT_EQ(mapping->bytes().size(), 100U);
  EXPECT_EQ(mapping->bytes()[0], std::byte{'x'});
  mapping->bytes()[1] = std::byte{'y'};
  char read = 0;
  ASSERT_EQ(pread(fd.get(), &read, 1, 4101), 1);
  EXPECT_EQ(read, 'y');
  const Mapping moved = *std::move(mapping);
  EXPECT_EQ(moved.bytes()[0], std::byte{'x'});
}

TEST(Mapping, RefusesWhatWouldEndInASignal) {
  const os::UniqueFd fd = memory_of(8192);
  EXPECT_FALSE(Mapping::map(fd, 0, 8193));
  EXPECT_FALSE(Mapping::map(fd, 8192, 1));
  EXPECT_FALSE(Mapping::map(fd, 0, 0));
  EXPECT_FALSE(Mapping::map(fd, std::numeric_limits<std::uint64_t>::max(), 2));
  EXPECT_FALSE(Mapping::map(fd, 4096, std::numeric_limits<std::uint64_t>::max() - 4095));
  EXPECT_FALSE(Mapping::map(os::UniqueFd(), 0, 1));
}

}  // namespace
}  // namespace notifyspec::vsock
