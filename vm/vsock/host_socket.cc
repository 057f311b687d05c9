#include "vsock/host_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/bound_socket.h"
#include "os/socket_address.h"
#include "wire/endpoint.h"

namespace notifyspec::vsock {
namespace {

wire::SocketType socket_type(Kind kind) {
  return kind == Kind::kStream ? wire::SocketType::kStream : wire::SocketType::kSeqpacket;
}

/// A message must fit into the send buffer whole.
void widen(const os::UniqueFd& fd) {
  os::widen_send_buffer(fd.get(), kLongestMessage);
}

bool is_over(int error) {
  return error != EAGAIN && error != EINTR && error != ENOBUFS && error != ENOMEM;
}

/// What it means for a send.
HostSocket::Sent meaning(int error) {
  if (!is_over(error)) return HostSocket::Sent::kLater;
  const bool by_peer = error == EPIPE || error == ECONNRESET || error == ECONNREFUSED || error == ENOTCONN;
  return by_peer ? HostSocket::Sent::kNever : HostSocket::Sent::kFailed;
}

}  // namespace

std::expected<HostSocket, os::OsError> HostSocket::connect(const HostAddress& to, std::string_view own_name) {
  auto fd = os::make_socket(AF_UNIX, socket_type(to.kind), SOCK_NONBLOCK);
  if (!fd) return std::unexpected(fd.error());
  widen(*fd);
  const os::SocketAddress own = os::to_socket_address({.name = std::string(own_name), .abstract = true});
  if (::bind(fd->get(), own.get(), own.length) != 0) {
    return std::unexpected(os::last_error(fmt::format("cannot take the name @{}", own_name)));
  }
  const os::SocketAddress name = os::to_socket_address(to.address);
  if (::connect(fd->get(), name.get(), name.length) != 0) {
    return std::unexpected(os::last_error("cannot connect to " + format(to)));
  }
  return HostSocket(std::move(*fd));
}

HostSocket::SendResult HostSocket::send(std::span<const std::byte> bytes) const {
  const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count < 0) return {.sent = meaning(errno), .error = errno};
  const auto sent = static_cast<std::size_t>(count);
  return {.sent = sent == bytes.size() ? Sent::kAll : Sent::kSome, .count = sent};
}

HostSocket::ReceiveResult HostSocket::at_zero(Kind kind) const {
  pollfd state = {.fd = fd_.get(), .events = POLLRDHUP, .revents = 0};
  ::poll(&state, 1, 0);
  if ((state.revents & (POLLHUP | POLLERR)) != 0) return {.got = Got::kGone};
  if ((state.revents & POLLRDHUP) != 0) return {.got = Got::kEnd};
  // Neither is over: it was an empty message.
  return {.got = kind == Kind::kSeqpacket ? Got::kBytes : Got::kEnd};
}

HostSocket::ReceiveResult HostSocket::receive(Kind kind, std::span<std::byte> buffer) const {
  const int flags = MSG_DONTWAIT | (kind == Kind::kSeqpacket ? MSG_TRUNC : 0);
  const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), flags);
  if (count == 0) return at_zero(kind);
  if (count < 0) return {.got = is_over(errno) ? Got::kGone : Got::kNothing};
  return {.got = Got::kBytes, .count = static_cast<std::size_t>(count)};
}

HostSocket::ReceiveResult HostSocket::peek(std::span<std::byte> buffer) const {
  const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_PEEK);
  if (count == 0) return {.got = Got::kGone};
  if (count < 0) return {.got = is_over(errno) ? Got::kGone : Got::kNothing};
  return {.got = Got::kBytes, .count = static_cast<std::size_t>(count)};
}

void HostSocket::shut_sending() const {
  ::shutdown(fd_.get(), SHUT_WR);
}

void HostSocket::shut_receiving() const {
  ::shutdown(fd_.get(), SHUT_RD);
}

std::expected<HostListener, os::OsError> HostListener::listen(const HostAddress& at) {
  auto socket = os::bind_socket(wire::UnixEndpoint{.address = at.address, .type = socket_type(at.kind)}, {});
  if (!socket) return std::unexpected(socket.error());
  // Who connects here drives the device, or speaks in the guest as the host: that is for its owner alone.
  constexpr mode_t kOwner = 0600;
  if (!at.address.abstract && ::chmod(at.address.name.c_str(), kOwner) != 0) {
    return std::unexpected(os::last_error("cannot close " + format(at) + " to others"));
  }
  if (::listen(socket->fd.get(), SOMAXCONN) != 0) {
    return std::unexpected(os::last_error("cannot listen on " + format(at)));
  }
  return HostListener(*std::move(socket));
}

std::expected<HostListener, os::OsError> HostListener::adopt(int number) {
  int listens = 0;
  socklen_t size = sizeof listens;
  const int flags = fcntl(number, F_GETFL);
  if (flags < 0 || getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
    return std::unexpected(os::error_of(EINVAL, fmt::format("fd {} is no listening socket", number)));
  }
  fcntl(number, F_SETFL, flags | O_NONBLOCK);
  fcntl(number, F_SETFD, FD_CLOEXEC);
  return HostListener(os::BoundSocket{.file = {}, .fd = os::UniqueFd(number)});
}

std::optional<HostSocket> HostListener::accept() const {
  os::UniqueFd fd(::accept4(socket_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) return std::nullopt;
  widen(fd);
  return HostSocket(std::move(fd));
}

}  // namespace notifyspec::vsock
