#include "os/receiver.h"

#include <utility>

#include "os/bound_socket.h"
#include "os/listening_socket.h"
#include "os/notify_socket.h"

namespace notifyspec::os {
namespace {

template <typename Socket>
std::expected<std::unique_ptr<Receiver>, OsError> make(std::expected<Socket, OsError> socket) {
  if (!socket) return std::unexpected(std::move(socket.error()));
  return std::make_unique<Socket>(std::move(*socket));
}

}  // namespace

std::expected<std::unique_ptr<Receiver>, OsError> listen_on(const wire::Endpoint& endpoint) {
  if (type_of(endpoint) == wire::SocketType::kDgram) return make(NotifySocket::bind(endpoint));
  return make(ListeningSocket::bind(endpoint));
}

}  // namespace notifyspec::os
