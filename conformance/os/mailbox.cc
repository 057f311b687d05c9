#include "os/mailbox.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "os/ancillary.h"

namespace notifyspec::os {
namespace {

void take_control(const cmsghdr& control, Letter& letter) {
  if (control.cmsg_level != SOL_SOCKET) return;
  if (control.cmsg_type == SCM_CREDENTIALS) {
    ucred sender = {};
    std::memcpy(&sender, CMSG_DATA(&control), sizeof sender);
    letter.pid = sender.pid;
    letter.uid = sender.uid;
  } else if (control.cmsg_type == SCM_RIGHTS) {
    const std::size_t count = (control.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(&control) + i * sizeof fd, sizeof fd);
      letter.fds.emplace_back(fd);
    }
  }
}

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
  AncillaryBuffer control;
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
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each))
    take_control(*each, letter);
  letter.truncated = (header.msg_flags & MSG_CTRUNC) != 0;
  return letter;
}

}  // namespace notifyspec::os
