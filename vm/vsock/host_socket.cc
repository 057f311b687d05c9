#include "vsock/host_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
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

/// Not so where the kernel lacks memory: nothing would tell when it has some again.
bool is_ready_later(int error) {
  return error == EAGAIN || error == EINTR;
}

/// What it means for a send.
HostSocket::Sent meaning(int error) {
  if (is_ready_later(error)) return HostSocket::Sent::kLater;
  const bool by_peer = error == EPIPE || error == ECONNRESET || error == ECONNREFUSED || error == ENOTCONN;
  return by_peer ? HostSocket::Sent::kNever : HostSocket::Sent::kFailed;
}

}  // namespace

HostSocket::HostSocket(os::UniqueFd fd, Kind kind) : fd_(std::move(fd)), kind_(kind) {
  if (kind == Kind::kStream) return;
  // By the sender's credentials an empty message is told from the end: see receive().
  const int on = 1;
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
}

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
  return HostSocket(std::move(*fd), to.kind);
}

HostSocket::SendResult HostSocket::send(std::span<const std::byte> bytes) const {
  const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count < 0) return {.sent = meaning(errno), .error = errno};
  const auto sent = static_cast<std::size_t>(count);
  return {.sent = sent == bytes.size() ? Sent::kAll : Sent::kSome, .count = sent};
}

HostSocket::ReceiveResult HostSocket::at_end() const {
  pollfd state = {.fd = fd_.get(), .events = POLLRDHUP, .revents = 0};
  ::poll(&state, 1, 0);
  return {.got = (state.revents & (POLLHUP | POLLERR)) != 0 ? Got::kGone : Got::kEnd};
}

HostSocket::ReceiveResult HostSocket::receive(std::span<std::byte> buffer) const {
  const bool keeps_messages = kind_ == Kind::kSeqpacket;
  iovec place = {.iov_base = buffer.data(), .iov_len = buffer.size()};
  // Exactly for the credentials, which come with every message and never with the end (unix(7), SO_PASSCRED);
  // an fd finds no room in it.
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control;
  msghdr header = {};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const int flags = MSG_DONTWAIT | (keeps_messages ? MSG_TRUNC : 0);
  ssize_t count = ::recvmsg(fd_.get(), &header, flags);
  // Said once, of a peer that has closed without reading all; what it had sent is there still.
  if (count < 0 && errno == ECONNRESET) count = ::recvmsg(fd_.get(), &header, flags);
  if (count < 0) return {.got = is_ready_later(errno) ? Got::kNothing : Got::kGone};
  const bool empty_message = keeps_messages && header.msg_controllen > 0;
  if (count == 0 && !empty_message) return at_end();
  return {.got = Got::kBytes, .count = static_cast<std::size_t>(count)};
}

HostSocket::ReceiveResult HostSocket::peek(std::span<std::byte> buffer) const {
  const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_PEEK);
  if (count == 0) return {.got = Got::kGone};
  if (count < 0) return {.got = is_ready_later(errno) ? Got::kNothing : Got::kGone};
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
  return HostListener(*std::move(socket), at.kind);
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
  return HostListener(os::BoundSocket{.file = {}, .fd = os::UniqueFd(number)}, Kind::kStream);
}

std::expected<std::optional<HostSocket>, os::OsError> HostListener::accept() const {
  os::UniqueFd fd(::accept4(socket_.fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd && (is_ready_later(errno) || errno == ECONNABORTED)) return std::nullopt;
  if (!fd) return std::unexpected(os::last_error("cannot let anybody in"));
  widen(fd);
  return HostSocket(std::move(fd), kind_);
}

}  // namespace notifyspec::vsock
