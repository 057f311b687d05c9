#include "os/notify_sender.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <utility>

#include "os/socket_address.h"

namespace notifyspec::os {

std::expected<std::unique_ptr<Sender>, OsError> NotifySender::connect(const wire::UnixAddress& address) {
  auto socket = make_socket(AF_UNIX, wire::SocketType::kDgram, 0);
  if (!socket) return std::unexpected(socket.error());
  widen_send_buffer(socket->get());
  const SocketAddress name = to_socket_address(address);
  if (::connect(socket->get(), name.get(), name.length) != 0) {
    return std::unexpected(last_error("nobody can be reached on " + wire::format(wire::Address(address))));
  }
  auto fds = CarriedFds::open();
  if (!fds) return std::unexpected(fds.error());
  return std::unique_ptr<Sender>(new NotifySender(std::move(*socket), std::move(*fds)));
}

std::expected<void, OsError> NotifySender::send(std::string_view data, std::size_t n_fds) {
  if (fds_.send(socket_.get(), data, n_fds) >= 0) return {};
  return std::unexpected(last_error(fmt::format("cannot send {} bytes", data.size())));
}

}  // namespace notifyspec::os
