#include "os/socket_address.h"

#include <linux/vm_sockets.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace notifyspec::os {
namespace {

int to_kernel(wire::SocketType type) {
  switch (type) {
    case wire::SocketType::kDgram:
      return SOCK_DGRAM;
    case wire::SocketType::kSeqpacket:
      return SOCK_SEQPACKET;
    case wire::SocketType::kStream:
      return SOCK_STREAM;
  }
  return SOCK_DGRAM;
}

}  // namespace

SocketAddress to_socket_address(const wire::UnixAddress& address) {
  sockaddr_un local = {};
  local.sun_family = AF_UNIX;
  // An abstract name has its NUL in front, a path behind.
  std::ranges::copy(address.name, local.sun_path + (address.abstract ? 1 : 0));
  SocketAddress result;
  std::memcpy(&result.storage, &local, sizeof local);
  result.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.name.size() + 1);
  return result;
}

SocketAddress to_socket_address(const wire::VsockAddress& address) {
  sockaddr_vm vsock = {};
  vsock.svm_family = AF_VSOCK;
  vsock.svm_cid = address.cid;
  vsock.svm_port = address.port;
  SocketAddress result;
  std::memcpy(&result.storage, &vsock, sizeof vsock);
  result.length = sizeof vsock;
  return result;
}

std::expected<UniqueFd, OsError> make_socket(int family, wire::SocketType type, int flags) {
  UniqueFd fd(::socket(family, to_kernel(type) | SOCK_CLOEXEC | flags, 0));
  if (fd) return fd;
  const int code = errno;
  if (family == AF_VSOCK) return std::unexpected(vsock_error(code, "cannot make an AF_VSOCK socket"));
  return std::unexpected(error_of(code, "cannot make a socket"));
}

void widen_send_buffer(int socket, int bytes) {
  // Where more is refused, the send itself will say so.
  if (setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0) {
    (void)setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
}

OsError vsock_error(int code, std::string_view what) {
  OsError error = error_of(code, what);
  switch (code) {
    case EAFNOSUPPORT:
    case ENODEV:
    case EADDRNOTAVAIL:
    case EOPNOTSUPP:
      error.reason +=
          "; as host of virtual machines: modprobe vhost_vsock; for CID 1, this machine itself: modprobe "
          "vsock_loopback";
      break;
    case EACCES:
      error.reason += "; ports below 1024 need CAP_NET_BIND_SERVICE";
      break;
    case ESOCKTNOSUPPORT:
      error.reason += ": the transport between the two has no sockets of this type";
      break;
    default:
      break;
  }
  return error;
}

}  // namespace notifyspec::os
