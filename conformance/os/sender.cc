#include "os/sender.h"

#include <utility>

#include "os/connection_sender.h"
#include "os/notify_sender.h"

namespace notifyspec::os {

std::expected<std::unique_ptr<Sender>, OsError> send_to(const wire::Endpoint& endpoint,
                                                        std::int64_t patience_usec) {
  const auto* const local = std::get_if<wire::UnixEndpoint>(&endpoint);
  if (local == nullptr || local->type != wire::SocketType::kDgram) {
    auto sender = ConnectionSender::make(endpoint, patience_usec);
    if (!sender) return std::unexpected(std::move(sender.error()));
    return std::make_unique<ConnectionSender>(std::move(*sender));
  }
  auto sender = NotifySender::connect(local->address);
  if (!sender) return std::unexpected(std::move(sender.error()));
  return std::make_unique<NotifySender>(std::move(*sender));
}

}  // namespace notifyspec::os
