#include "os/notify_socket.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "os/ancillary.h"
#include "os/peer.h"
#include "os/socket_address.h"

namespace notifyspec::os {

NotifySocket::NotifySocket(BoundSocket socket)
    : socket_(std::move(socket)), batch_({.length = kReceiveLimit, .with_peers = true}) {}

std::expected<NotifySocket, OsError> NotifySocket::bind(const wire::Endpoint& endpoint) {
  // Before the first datagram can come: one that is queued without its stamp never gets it.
  auto socket = bind_socket(endpoint, {SO_PASSCRED, SO_TIMESTAMPNS});
  if (!socket) return std::unexpected(std::move(socket.error()));
  return NotifySocket(std::move(*socket));
}

Arrival NotifySocket::read_arrival(std::size_t place, const WallClock& clock, std::int64_t now_usec) {
  const msghdr& header = batch_.header(place);
  const Ancillary ancillary = take_ancillary(header);
  Arrival arrival;
  arrival.data = batch_.bytes(place);
  arrival.truncated = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  arrival.n_fds = ancillary.n_fds;
  if (ancillary.sender) {
    arrival.pid = ancillary.sender->pid;
    arrival.uid = ancillary.sender->uid;
    arrival.gid = ancillary.sender->gid;
  }
  if (const sockaddr_storage& name = batch_.peer(place); name.ss_family == AF_VSOCK) {
    arrival.peer = vsock_peer(name, header.msg_namelen);
    arrival.type = wire::SocketType::kDgram;
  }
  const std::int64_t sent_usec =
      ancillary.wall_nsec ? clock.to_monotonic_nsec(*ancillary.wall_nsec) / 1000 : now_usec;
  // Two senders may be stamped in one order and queued in the other, and the wall clock may be set: the
  // queue's order is the one that a receiver sees.
  last_usec_ = std::max(last_usec_, std::min(sent_usec, now_usec));
  arrival.sent_usec = last_usec_;
  return arrival;
}

std::expected<std::span<Arrival>, OsError> NotifySocket::receive(std::size_t limit,
                                                                 const Reception& reception) {
  arrivals_.clear();
  const auto received = batch_.receive(fd(), limit);
  if (!received) return std::unexpected(received.error());
  if (*received == 0) return arrivals_;
  reception.clock.check();
  const std::int64_t now_usec = monotonic_usec();
  for (std::size_t i = 0; i < *received; ++i) arrivals_.push_back(read_arrival(i, reception.clock, now_usec));
  return arrivals_;
}

}  // namespace notifyspec::os
