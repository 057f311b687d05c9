#include "os/bound_socket.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "os/socket_address.h"

namespace notifyspec::os {
namespace {

/// Whether `path` is a socket that nobody listens on: left behind by a process that could not clean up.
bool is_stale_socket(const std::string& path, const SocketAddress& address) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  // A living socket of another type answers EPROTOTYPE, a dead one of any type this.
  const auto probe = make_socket(AF_UNIX, wire::SocketType::kDgram, SOCK_NONBLOCK);
  return probe && ::connect(probe->get(), address.get(), address.length) != 0 && errno == ECONNREFUSED;
}

/// 0, or the errno of the refusal.
int bind_or_replace(const UniqueFd& fd, const wire::UnixAddress& address) {
  const SocketAddress name = to_socket_address(address);
  if (::bind(fd.get(), name.get(), name.length) == 0) return 0;
  const int refusal = errno;
  if (refusal != EADDRINUSE || address.abstract || !is_stale_socket(address.name, name)) return refusal;
  ::unlink(address.name.c_str());
  return ::bind(fd.get(), name.get(), name.length) == 0 ? 0 : errno;
}

OsError unix_error(const wire::UnixAddress& address, int code) {
  OsError error = error_of(code, "cannot listen on " + wire::format(wire::Address(address)));
  struct stat status = {};
  if (code == ENOENT || code == ENOTDIR) {
    error.reason += "; make the directory first";
  } else if (code == EADDRINUSE && !address.abstract && lstat(address.name.c_str(), &status) == 0 &&
             !S_ISSOCK(status.st_mode)) {
    error.reason += ": something that is no socket is there; remove it, or choose another name";
  } else if (code == EADDRINUSE) {
    error.reason += ": somebody listens there; end that, or choose another name";
  }
  return error;
}

std::expected<BoundSocket, OsError> bind_unix(const wire::UnixEndpoint& endpoint,
                                              std::initializer_list<int> options) {
  const wire::UnixAddress& address = endpoint.address;
  auto fd = make_socket(AF_UNIX, endpoint.type, SOCK_NONBLOCK);
  if (!fd) return std::unexpected(fd.error());
  for (const int option : options) {
    const int on = 1;
    if (setsockopt(fd->get(), SOL_SOCKET, option, &on, sizeof on) != 0)
      return std::unexpected(last_error("cannot set a socket option"));
  }
  if (const int refusal = bind_or_replace(*fd, address); refusal != 0) {
    return std::unexpected(unix_error(address, refusal));
  }
  SocketFile file = address.abstract ? SocketFile() : SocketFile(address.name);
  constexpr mode_t kEverybody = 0666;
  if (!address.abstract && ::chmod(address.name.c_str(), kEverybody) != 0) {
    return std::unexpected(last_error("cannot open " + address.name + " to everybody"));
  }
  return BoundSocket{.file = std::move(file), .fd = std::move(*fd)};
}

std::expected<BoundSocket, OsError> bind_vsock(const wire::VsockAddress& address) {
  auto fd = make_socket(AF_VSOCK, type_of(address), SOCK_NONBLOCK);
  if (!fd) return std::unexpected(fd.error());
  const SocketAddress name = to_socket_address(address);
  if (::bind(fd->get(), name.get(), name.length) == 0) return BoundSocket{.file = {}, .fd = std::move(*fd)};
  return std::unexpected(vsock_error(errno, "cannot listen on " + wire::format(wire::Endpoint(address))));
}

}  // namespace

std::expected<BoundSocket, OsError> bind_socket(const wire::Endpoint& endpoint,
                                                std::initializer_list<int> unix_options) {
  if (const auto* const local = std::get_if<wire::UnixEndpoint>(&endpoint))
    return bind_unix(*local, unix_options);
  return bind_vsock(std::get<wire::VsockAddress>(endpoint));
}

wire::SocketType type_of(const wire::Endpoint& endpoint) {
  if (const auto* const local = std::get_if<wire::UnixEndpoint>(&endpoint)) return local->type;
  return std::get<wire::VsockAddress>(endpoint).type.value_or(wire::SocketType::kSeqpacket);
}

}  // namespace notifyspec::os
