// The datagram: what one send() to $NOTIFY_SOCKET carries, before anybody looks at its lines.
//
// Rules (observed, systemd 252 to 262; no text states them): at most 4096 bytes, one trailing NUL is
// tolerated, any other NUL drops the whole datagram. Does not split, does not know fields.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

namespace notifyspec::wire {

/// Bytes that systemd accepts in one datagram: NOTIFY_BUFFER_MAX, which is PIPE_BUF.
inline constexpr std::size_t kDatagramLimit = 4096;

enum class DatagramFault { kTooLong, kEmbeddedNul };

/// One word for people: "too-long", "embedded-nul".
std::string_view name(DatagramFault fault);

/// The bytes of `datagram` that are assignments: without the one trailing NUL that is tolerated.
/// The view points into `datagram`.
std::expected<std::string_view, DatagramFault> payload(std::string_view datagram);

}  // namespace notifyspec::wire
