#include "os/unix_socket.h"

#include <algorithm>

namespace notifyspec::os {

SocketAddress to_socket_address(const wire::UnixAddress& address) {
  SocketAddress result;
  result.storage.sun_family = AF_UNIX;
  // An abstract name has its NUL in front, a path behind.
  char* const start = result.storage.sun_path + (address.abstract ? 1 : 0);
  std::ranges::copy(address.name, start);
  result.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.name.size() + 1);
  return result;
}

std::expected<UniqueFd, OsError> make_datagram_socket(int flags) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | flags, 0));
  if (!fd) return std::unexpected(last_error("cannot make a socket"));
  return fd;
}

}  // namespace notifyspec::os
