#include "receiver/notify_receiver.h"

#include <utility>

#include "wire/endpoint.h"

namespace notifyspec::receiver {

NotifyReceiver::NotifyReceiver(os::BoundSocket socket, std::size_t batch)
    : socket_(std::move(socket)),
      work_(new Work{.batch = os::Batch({.count = batch, .length = wire::kDatagramLimit, .spare = kPadding}),
                     .splitter = Splitter()}) {}

std::expected<NotifyReceiver, os::OsError> NotifyReceiver::bind(const wire::UnixAddress& address,
                                                                const Options& options) {
  const wire::UnixEndpoint endpoint = {.address = address};
  // Before the first datagram can come: of one that is queued without them the sender is not known.
  auto socket = options.with_pidfd ? os::bind_socket(endpoint, {SO_PASSCRED, os::kPassPidfd})
                                   : os::bind_socket(endpoint, {SO_PASSCRED});
  if (!socket) return std::unexpected(std::move(socket.error()));
  return NotifyReceiver(std::move(*socket), options.batch);
}

}  // namespace notifyspec::receiver
