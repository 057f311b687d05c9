#include "receiver/notify_receiver.h"

#include <utility>

#include "wire/endpoint.h"

namespace notifyspec::receiver {
namespace {

Refusal refusal_of(wire::DatagramFault fault) {
  return fault == wire::DatagramFault::kTooLong ? Refusal::kTooLong : Refusal::kEmbeddedNul;
}

}  // namespace

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

std::expected<Lines, Refusal> NotifyReceiver::read(std::size_t place) {
  const int flags = work_->batch.header(place).msg_flags;
  if ((flags & MSG_CTRUNC) != 0) return std::unexpected(Refusal::kFdsLost);
  if ((flags & MSG_TRUNC) != 0) return std::unexpected(Refusal::kTooLong);
  const auto lines = work_->splitter.split({work_->batch.bytes(place)});
  if (!lines) return std::unexpected(refusal_of(lines.error()));
  return *lines;
}

Delivery NotifyReceiver::open(std::size_t place) {
  const os::Controls controls = os::read_controls(work_->batch.header(place));
  Delivery delivery = {.lines = read(place),
                       .sender = controls.sender.value_or(ucred{}),
                       .pidfd = os::UniqueFd(controls.pidfd.value_or(-1)),
                       .fds = os::ArrivedFds(controls.fds)};
  if (delivery.lines) {
    ++counts_.taken;
  } else {
    ++counts_.refused[static_cast<std::size_t>(delivery.lines.error())];
  }
  return delivery;
}

}  // namespace notifyspec::receiver
