// An endpoint: where `--listen`, `--control` and `--to` listen or send.
//
// More than $NOTIFY_SOCKET can name (wire/address.h): unix:, unix-seqpacket: and unix-stream: before a path
// or an '@name'. The last two are what a user-space vsock device hands a guest's connections to. A listener
// may leave the CID out, as in `ListenStream=vsock::PORT` (systemd.socket(5)): on every CID. Does not open
// anything.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>

#include "wire/address.h"

namespace notifyspec::wire {

struct UnixEndpoint {
  UnixAddress address;
  SocketType type = SocketType::kDgram;

  friend bool operator==(const UnixEndpoint&, const UnixEndpoint&) = default;
};

using Endpoint = std::variant<UnixEndpoint, VsockAddress>;

/// VMADDR_CID_ANY of linux/vm_sockets.h: every CID that the listener's machine has.
inline constexpr std::uint32_t kAnyCid = 0xffffffff;

/// Where something is sent to.
std::expected<Endpoint, AddressError> parse_endpoint(std::string_view text);

/// Where somebody listens: the same, and vsock::PORT with its typed forms, whose CID is then kAnyCid.
std::expected<Endpoint, AddressError> parse_listener(std::string_view text);

/// The canonical form, which parse_listener() reads back to the same endpoint. AF_UNIX datagrams have the
/// form of $NOTIFY_SOCKET.
std::string format(const Endpoint& endpoint);

}  // namespace notifyspec::wire
