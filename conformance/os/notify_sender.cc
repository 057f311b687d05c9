#include "os/notify_sender.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "os/socket_address.h"

namespace notifyspec::os {

std::expected<NotifySender, OsError> NotifySender::connect(const wire::UnixAddress& address) {
  auto socket = make_socket(AF_UNIX, wire::SocketType::kDgram, 0);
  if (!socket) return std::unexpected(socket.error());
  // The kernel counts a datagram against this limit before it lets it go; its default is less than what a
  // listener takes. Where more is refused, the send itself will say so.
  const int wanted = 4 * 1024 * 1024;
  if (setsockopt(socket->get(), SOL_SOCKET, SO_SNDBUFFORCE, &wanted, sizeof wanted) != 0) {
    (void)setsockopt(socket->get(), SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
  }
  const SocketAddress name = to_socket_address(address);
  if (::connect(socket->get(), name.get(), name.length) != 0) {
    return std::unexpected(last_error("nobody can be reached on " + wire::format(wire::Address(address))));
  }
  UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return std::unexpected(last_error("cannot open /dev/null"));
  return NotifySender(std::move(*socket), std::move(null));
}

std::expected<void, OsError> NotifySender::send(std::string_view data, std::size_t n_fds) const {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxFds)> control = {};
  iovec buffer = {.iov_base = const_cast<char*>(data.data()), .iov_len = data.size()};
  msghdr header = {};
  header.msg_iov = &buffer;
  header.msg_iovlen = 1;
  if (n_fds > 0) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
    std::array<int, kMaxFds> fds;
    fds.fill(null_.get());
    std::memcpy(CMSG_DATA(rights), fds.data(), sizeof(int) * n_fds);
  }
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return std::unexpected(last_error(fmt::format("cannot send {} bytes", data.size())));
  return {};
}

}  // namespace notifyspec::os
