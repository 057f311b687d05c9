// AF_UNIX datagram sockets, as far as listening and sending share them: making one, and its address for the
// kernel.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <expected>

#include "os/error.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

/// Fds that the kernel carries with one datagram (SCM_MAX_FD).
inline constexpr std::size_t kMaxFds = 253;

/// A socket address with its exact length: a path with its NUL, an abstract name without one (unix(7)).
struct SocketAddress {
  sockaddr_un storage = {};
  socklen_t length = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// REQUIRES: a name that parse_notify_socket() accepts, so at most wire::kUnixNameLimit bytes.
SocketAddress to_socket_address(const wire::UnixAddress& address);

/// SOCK_DGRAM, close-on-exec, with `flags` besides.
std::expected<UniqueFd, OsError> make_datagram_socket(int flags);

}  // namespace notifyspec::os
