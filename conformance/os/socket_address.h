// Socket addresses as the kernel wants them, AF_UNIX and AF_VSOCK, and the sockets that they are for.
//
// Shared by listening and sending. Does not bind and does not connect.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <expected>
#include <string_view>

#include "os/error.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

/// Fds that the kernel carries with one message (SCM_MAX_FD).
inline constexpr std::size_t kMaxFds = 253;

/// With its exact length: a path with its NUL, an abstract name without one (unix(7)).
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t length = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// REQUIRES: a name that parse_notify_socket() accepts, so at most wire::kUnixNameLimit bytes.
SocketAddress to_socket_address(const wire::UnixAddress& address);

/// Its type plays no part; wire::kAnyCid is every CID (vsock(7)).
SocketAddress to_socket_address(const wire::VsockAddress& address);

/// Close-on-exec, with `flags` besides. On AF_VSOCK an error says what the kernel lacks.
std::expected<UniqueFd, OsError> make_socket(int family, wire::SocketType type, int flags);

/// Holds messages longer than a listener of ours takes; the kernel's default does not.
inline constexpr int kWideSendBuffer = 4 * 1024 * 1024;

/// Lets `socket` hold `bytes` of what it sends, or as much of that as the kernel's limits allow.
void widen_send_buffer(int socket, int bytes = kWideSendBuffer);

/// The sentence for a refusal on AF_VSOCK: it says what to load where that is what is missing.
OsError vsock_error(int code, std::string_view what);

}  // namespace notifyspec::os
