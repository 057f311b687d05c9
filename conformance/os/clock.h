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

/// What must be added to CLOCK_REALTIME to give CLOCK_MONOTONIC, nanoseconds. Asked anew each time, since
/// somebody may set the wall clock.
std::int64_t realtime_to_monotonic_nsec();

/// Returns once CLOCK_MONOTONIC has reached `usec`; at once where it has passed.
void sleep_until(std::int64_t usec);

/// Today's date, UTC: "2026-08-01".
std::string today();

}  // namespace notifyspec::os
