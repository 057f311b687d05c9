// The clocks: CLOCK_MONOTONIC in microseconds, what lies between it and the wall clock, and waiting for an
// instant.
//
// The only place that asks what time it is. Everything else is given times as numbers.
#pragma once

#include <cstdint>
#include <string>

namespace notifyspec::os {

/// CLOCK_MONOTONIC, microseconds.
std::int64_t monotonic_usec();

/// What lies between CLOCK_REALTIME and CLOCK_MONOTONIC. Both run at one speed, so it changes only when
/// somebody sets the wall clock; that is noticed, and the small errors of each reading are not taken for it.
class WallClock {
 public:
  /// CLOCK_MONOTONIC, nanoseconds, when CLOCK_REALTIME was `wall_nsec`.
  std::int64_t to_monotonic_nsec(std::int64_t wall_nsec) const { return wall_nsec + offset_nsec_; }
  /// Looks whether the wall clock was set.
  void check();

 private:
  std::int64_t offset_nsec_ = INT64_MIN / 2;  // no clock stands there: the first check finds the true one
};

/// Returns once CLOCK_MONOTONIC has reached `usec`; at once where it has passed.
void sleep_until(std::int64_t usec);

/// Today's date, UTC: "2026-08-01".
std::string today();

}  // namespace notifyspec::os
