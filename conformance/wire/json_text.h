// JSON text as traces hold it: strings, times, and what is said of a line that is no JSON.
//
// Shared by header and events. Times are seconds with six decimals in the text and microseconds in memory,
// and pass from one to the other without loss. Does not know any member.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notifyspec::wire {

/// The latest time that a trace may hold, microseconds: up to here a double tells every microsecond from the
/// next.
inline constexpr std::int64_t kLatestUsec = (std::int64_t{1} << 51) - 1;

/// Nothing where `seconds` is negative, not finite or later than kLatestUsec; else the nearest microsecond.
std::optional<std::int64_t> usec_of_seconds(double seconds);

/// Seconds with six decimals; `usec` must not be negative.
std::string format_seconds(std::int64_t usec);

/// `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
std::string quote(std::string_view text);

/// What is wrong, and at which byte (the first is 1): "not JSON, at byte 7: invalid literal; ...". `what` is
/// the text of the JSON library's exception.
std::string describe_syntax_error(std::size_t byte, std::string_view what);

}  // namespace notifyspec::wire
