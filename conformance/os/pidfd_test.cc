#include "os/pidfd.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace notifyspec::os {
namespace {

TEST(PidfdId, IsOneProcesssOwn) {
  const auto mine = pidfd_id(::getpid());
  if (!mine) GTEST_SKIP() << "this kernel has no numbers for pidfds";
  EXPECT_EQ(pidfd_id(::getpid()), mine);
  EXPECT_NE(pidfd_id(::getppid()), mine);
}

TEST(PidfdId, IsNothingWithoutAProcess) {
  EXPECT_EQ(pidfd_id(0), std::nullopt);
  EXPECT_EQ(pidfd_id(-1), std::nullopt);
}

}  // namespace
}  // namespace notifyspec::os
