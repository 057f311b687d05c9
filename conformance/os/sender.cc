#include "os/sender.h"

#include <variant>

#include "os/connection_sender.h"
#include "os/notify_sender.h"

namespace notifyspec::os {

std::expected<std::unique_ptr<Sender>, OsError> send_to(const wire::Endpoint& endpoint,
                                                        std::int64_t patience_usec) {
  const auto* const local = std::get_if<wire::UnixEndpoint>(&endpoint);
  if (local != nullptr && local->type == wire::SocketType::kDgram)
    return NotifySender::connect(local->address);
  return ConnectionSender::make(endpoint, patience_usec);
}

}  // namespace notifyspec::os
