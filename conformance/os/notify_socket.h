// A notify socket for datagrams: AF_UNIX, each with its sender's credentials and the time of its send;
// AF_VSOCK where a transport has them (none of virtio's has).
//
// The kernel stamps a datagram in the sender's send() (SO_TIMESTAMPNS), so a slow listener does not blur
// times. Fds that come with a datagram are counted and closed at once. Does not look into the bytes.
// Move-only; the socket's file goes away with the object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

#include "os/batch.h"
#include "os/bound_socket.h"
#include "os/error.h"
#include "os/receiver.h"
#include "wire/endpoint.h"

namespace notifyspec::os {

class NotifySocket final : public Receiver {
 public:
  /// REQUIRES: an endpoint for datagrams. Errors as bind_socket() has them.
  static std::expected<NotifySocket, OsError> bind(const wire::Endpoint& endpoint);

  int fd() const override { return socket_.fd.get(); }
  /// At most a few dozen at once. Receivers whose times are to be compared must be given the same clock.
  std::expected<std::span<Arrival>, OsError> receive(std::size_t limit, const Reception& reception) override;

 private:
  explicit NotifySocket(BoundSocket socket);
  Arrival read_arrival(std::size_t place, const WallClock& clock, std::int64_t now_usec);

  BoundSocket socket_;
  Batch batch_;
  std::vector<Arrival> arrivals_;
  std::int64_t last_usec_ = 0;
};

}  // namespace notifyspec::os
