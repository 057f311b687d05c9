// Telling the recorder what the system under test was seen to do: one observation a message.
//
// To the socket that the file /etc/notifyspec/control names (one line, as parse_peer() reads it: in a machine
// vsock-stream:2:PORT), or else to the one that a container has. Over vsock it says how old the observation
// is, as a guest's clock is not the recorder's. It never fails: the system under test must not notice it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace notifyspec::guest {

/// Tells that at `at_usec` (CLOCK_MONOTONIC) `subject` was `value`.
void tell(std::string_view subject, std::string_view value, std::int64_t at_usec);

/// `text` as a JSON string. Newlines and tabs are kept; what else is no printable ASCII is shown as '?'.
std::string quoted(std::string_view text);

}  // namespace notifyspec::guest
