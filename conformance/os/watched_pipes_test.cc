#include "os/watched_pipes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>

#include "os/clock.h"

namespace notifyspec::os {
namespace {

TEST(WatchedPipes, CountWhatSomebodyHolds) {
  WatchedPipes pipes;
  auto ends = pipes.add(3);
  ASSERT_TRUE(ends) << ends.error().reason;
  EXPECT_EQ(ends->size(), 3U);
  EXPECT_EQ(pipes.size(), 3U);
  EXPECT_EQ(pipes.open(), 3U);
  ends->front() = UniqueFd();
  EXPECT_EQ(pipes.open(), 2U);
  ends->clear();
  EXPECT_EQ(pipes.open(), 0U);
}

TEST(WatchedPipes, AreOpenWhileACopyIs) {
  WatchedPipes pipes;
  auto ends = pipes.add(1);
  ASSERT_TRUE(ends);
  UniqueFd copy(::dup(ends->front().get()));
  ends->clear();
  EXPECT_EQ(pipes.open(), 1U);
  copy = UniqueFd();
  EXPECT_EQ(pipes.open(), 0U);
}

TEST(WatchedPipes, AreOpenThoughSomebodyHasWritten) {
  WatchedPipes pipes;
  auto ends = pipes.add(1);
  ASSERT_TRUE(ends);
  ASSERT_EQ(::write(ends->front().get(), "x", 1), 1);
  EXPECT_EQ(pipes.open(), 1U);
}

TEST(WatchedPipes, AreLookedAtFromANumberOn) {
  WatchedPipes pipes;
  auto first = pipes.add(2);
  auto second = pipes.add(1);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(pipes.open(2), 1U);
  second->clear();
  EXPECT_EQ(pipes.open(2), 0U);
  EXPECT_EQ(pipes.open(), 2U);
  EXPECT_TRUE(pipes.await_closed(2, 0));
  EXPECT_FALSE(pipes.await_closed(1, 0));
}

TEST(WatchedPipes, AreWaitedForUntilTheDeadlineAndNoLonger) {
  WatchedPipes pipes;
  auto ends = pipes.add(1);
  ASSERT_TRUE(ends);
  constexpr std::int64_t kShortUsec = 20'000;
  const std::int64_t begin = monotonic_usec();
  EXPECT_FALSE(pipes.await_closed(0, begin + kShortUsec));
  EXPECT_GE(monotonic_usec() - begin, kShortUsec - 1000);
  ends->clear();
  EXPECT_TRUE(pipes.await_closed(0, begin));
}

}  // namespace
}  // namespace notifyspec::os
