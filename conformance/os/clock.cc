#include "os/clock.h"

#include <fmt/chrono.h>

#include <cerrno>
#include <ctime>

namespace notifyspec::os {
namespace {

constexpr std::int64_t kNsecPerSec = 1'000'000'000;
constexpr std::int64_t kUsecPerSec = 1'000'000;

std::int64_t read_nsec(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return now.tv_sec * kNsecPerSec + now.tv_nsec;
}

}  // namespace

std::int64_t monotonic_usec() {
  return read_nsec(CLOCK_MONOTONIC) / 1000;
}

void WallClock::check() {
  // The true offset is one of those between the two readings.
  const std::int64_t before = read_nsec(CLOCK_MONOTONIC);
  const std::int64_t wall = read_nsec(CLOCK_REALTIME);
  const std::int64_t after = read_nsec(CLOCK_MONOTONIC);
  constexpr std::int64_t kSlackNsec = 1000;
  const bool holds = offset_nsec_ >= before - wall - kSlackNsec && offset_nsec_ <= after - wall + kSlackNsec;
  if (!holds) offset_nsec_ = before + (after - before) / 2 - wall;
}

void sleep_until(std::int64_t usec) {
  const timespec deadline = {.tv_sec = usec / kUsecPerSec, .tv_nsec = usec % kUsecPerSec * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr) == EINTR) {
  }
}

std::string today() {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace notifyspec::os
