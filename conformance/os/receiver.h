// What listens: one endpoint, and what has arrived there, whatever kind of socket it is.
//
// Who records asks each of several receivers in turn, and waits for any of their fds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "os/clock.h"
#include "os/error.h"
#include "wire/endpoint.h"
#include "wire/vsock_peer.h"

namespace notifyspec::os {

/// The longest message that is taken whole; more than a sender can send with the kernel's default limits.
inline constexpr std::size_t kReceiveLimit = std::size_t{256} * 1024;

struct Arrival {
  std::string data;
  std::int64_t sent_usec = 0;  ///< CLOCK_MONOTONIC of the send of a datagram; where there are connections, of
                               ///< the receipt; never before an earlier arrival of the same receiver
  std::optional<std::int64_t> pid, uid, gid;
  std::size_t n_fds = 0;
  bool truncated = false;  ///< something is missing: data, or fds
  std::optional<wire::VsockPeer> peer;
  std::optional<wire::SocketType> type;    ///< absent for datagrams on AF_UNIX
  std::optional<std::int64_t> connection;  ///< as the Reception counts them
};

/// What the receivers of one recording share.
struct Reception {
  WallClock& clock;
  std::int64_t& n_connections;  ///< accepted so far
};

struct ConnectionCounts {
  std::size_t accepted = 0;
  std::size_t unfinished = 0;  ///< reset by the peer, or still open at the end
  std::size_t shortages = 0;   ///< times that connections had to wait because no fd was free
};

class Receiver {
 public:
  Receiver() = default;
  Receiver(Receiver&&) = default;
  Receiver& operator=(Receiver&&) = default;
  virtual ~Receiver() = default;

  /// Readable when something has arrived.
  virtual int fd() const = 0;

  /// What has arrived, at most `limit` of it and not much at once. Empty where nothing waits; with
  /// connections also where pieces came and no message is whole: fd() says. Valid until the next call.
  virtual std::expected<std::span<Arrival>, OsError> receive(std::size_t limit,
                                                             const Reception& reception) = 0;

  /// Whether peers connect here, so that a message may be left in pieces.
  virtual bool has_connections() const { return false; }

  /// Ends every connection; what had come of a message is given, as truncated. Valid until the next call.
  virtual std::span<Arrival> cut_off(std::size_t /*limit*/) { return {}; }

  virtual ConnectionCounts counts() const { return {}; }

  /// Whether peers wait because no fd is free: fd() then says nothing of them.
  virtual bool is_short_of_fds() const { return false; }
};

/// Listens on `endpoint`, with the socket that it calls for.
std::expected<std::unique_ptr<Receiver>, OsError> listen_on(const wire::Endpoint& endpoint);

}  // namespace notifyspec::os
