#include "os/clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace notifyspec::os {
namespace {

std::int64_t wall_nsec() {
  timespec now = {};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

TEST(WallClock, ATimeLiesBetweenTheReadingsAroundIt) {
  WallClock clock;
  clock.check();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t before_usec = monotonic_usec();
    const std::int64_t wall = wall_nsec();
    const std::int64_t after_usec = monotonic_usec();
    constexpr std::int64_t kClockErrorUsec = 500;
    EXPECT_GE(clock.to_monotonic_nsec(wall) / 1000, before_usec - kClockErrorUsec);
    EXPECT_LE(clock.to_monotonic_nsec(wall) / 1000, after_usec + kClockErrorUsec);
  }
}

TEST(WallClock, CheckingAgainDoesNotSwapNeighbours) {
  WallClock clock;
  clock.check();
  const std::int64_t first = clock.to_monotonic_nsec(0);
  std::int64_t n_changes = 0;
  for (int i = 0; i < 10'000; ++i) {
    clock.check();
    if (clock.to_monotonic_nsec(0) != first) ++n_changes;
  }
  EXPECT_EQ(n_changes, 0);
}

TEST(Clock, SleepsUntilTheDeadlineAndNotAtAllAfterIt) {
  const std::int64_t deadline_usec = monotonic_usec() + 2000;
  sleep_until(deadline_usec);
  EXPECT_GE(monotonic_usec(), deadline_usec);
  sleep_until(0);
}

TEST(Clock, TodayIsADate) {
  EXPECT_EQ(today().size(), 10U);
}

}  // namespace
}  // namespace notifyspec::os
