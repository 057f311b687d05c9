// A listening notify socket: AF_UNIX, datagrams, each with its sender's credentials and the time of its send.
//
// The kernel stamps a datagram in the sender's send() (SO_TIMESTAMPNS), so a slow listener does not blur
// times. Fds that come with a datagram are counted and closed at once. Does not look into the bytes.
// Move-only; the socket's file goes away with the object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "os/clock.h"
#include "os/error.h"
#include "os/socket_file.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

/// The longest datagram that is taken whole; more than a sender can send with the kernel's default limits.
inline constexpr std::size_t kReceiveLimit = std::size_t{256} * 1024;

struct Arrival {
  std::string_view data;
  std::int64_t sent_usec =
      0;  ///< CLOCK_MONOTONIC of the send; never before an earlier arrival of the same socket
  std::optional<std::int64_t> pid, uid, gid;
  std::size_t n_fds = 0;
  bool truncated = false;  ///< the kernel cut data, or left out fds
};

class NotifySocket {
 public:
  /// Listens on `address`; everybody may send to it (mode 0666). A socket file that nobody listens on is
  /// replaced, anything else that is in the way is an error. ENOENT where the directory is missing.
  static std::expected<NotifySocket, OsError> bind(const wire::UnixAddress& address);

  /// Readable when something has arrived.
  int fd() const { return fd_.get(); }

  /// What has arrived, at most `limit` of it and at most a few dozen; empty where nothing waits. Valid until
  /// the next call. Sockets whose times are to be compared must be given the same `clock`.
  std::expected<std::span<const Arrival>, OsError> receive(std::size_t limit, WallClock& clock);

 private:
  struct Batch;  // what recvmmsg() fills

  NotifySocket(UniqueFd fd, SocketFile file);
  Arrival read_arrival(std::size_t place, const WallClock& clock, std::int64_t now_usec);

  SocketFile file_;
  UniqueFd fd_;
  struct DeleteBatch {
    void operator()(Batch* batch) const;
  };
  std::unique_ptr<Batch, DeleteBatch> batch_;
  std::vector<Arrival> arrivals_;
  std::int64_t last_usec_ = 0;
};

}  // namespace notifyspec::os
