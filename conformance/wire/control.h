// The control datagram: how the harness, and probes planted in the system under test, tell the recorder of an
// event.
//
// One datagram is one JSON object: an event as a trace holds it (fixtures/README.md, "Events"), of kind
// action, phase or observation, without `t`. Where it really happened before the send it may say so: with
// `monotonic_usec` (integer, the recorder's CLOCK_MONOTONIC in microseconds), or, from a sender with another
// clock, with `age_usec` (integer, microseconds before the send). Does not place the event in a trace.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "wire/trace.h"

namespace notifyspec::wire {

struct ControlEvent {
  std::optional<std::int64_t> monotonic_usec = {};
  std::optional<std::int64_t> age_usec = {};  ///< at most one of the two
  Event event = {};                           ///< its t_usec says nothing yet
};

/// Everything that is refused in an event line is refused here, too.
std::expected<ControlEvent, TraceError> parse_control(std::string_view datagram);

}  // namespace notifyspec::wire
