#include "os/mailbox.h"

#include <sys/socket.h>

#include <cerrno>

#include "os/controls.h"

namespace notifyspec::os {
namespace {

/// How long the datagram at the head of the queue is; nothing where none waits.
std::expected<std::optional<std::size_t>, OsError> next_length(int socket) {
  while (true) {
    const ssize_t length = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
    if (length >= 0) return static_cast<std::size_t>(length);
    if (errno == EAGAIN) return std::nullopt;
    if (errno != EINTR) return std::unexpected(last_error("cannot receive"));
  }
}

}  // namespace

std::expected<Mailbox, OsError> Mailbox::bind(const wire::UnixAddress& address) {
  // Before the first datagram can come: of one that is queued without it the sender is not known.
  auto socket = bind_socket(wire::UnixEndpoint{.address = address}, {SO_PASSCRED});
  if (!socket) return std::unexpected(std::move(socket.error()));
  return Mailbox(std::move(*socket));
}

std::expected<std::optional<Letter>, OsError> Mailbox::receive() const {
  const auto length = next_length(fd());
  if (!length) return std::unexpected(length.error());
  if (!*length) return std::nullopt;
  Letter letter;
  letter.data.resize(**length);
  ControlBuffer control;
  iovec buffer = {.iov_base = letter.data.data(), .iov_len = letter.data.size()};
  msghdr header = {};
  header.msg_iov = &buffer;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t received = -1;
  do {
    received = ::recvmsg(fd(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return std::unexpected(last_error("cannot receive"));
  const Controls controls = read_controls(header);
  if (controls.sender) {
    letter.pid = controls.sender->pid;
    letter.uid = controls.sender->uid;
  }
  for (const int fd : controls.fds) letter.fds.emplace_back(fd);
  letter.truncated = (header.msg_flags & MSG_CTRUNC) != 0;
  return letter;
}

}  // namespace notifyspec::os
