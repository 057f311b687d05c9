// The host sockets of all connections: opens, feeds, reads and closes them as the switchboard's connections
// want it.
//
// Rule: nothing blocks; connections to one address are made in the order in which the guest asked for them,
// and where its backlog is full the first of them is tried again by timer, those behind it wait. Does not
// know rings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vsock/connect_queue.h"
#include "vsock/host_socket.h"
#include "vsock/pace.h"
#include "vsock/poller.h"
#include "vsock/switchboard.h"

namespace notifyspec::vsock {

/// A word for people: on standard error, if they want it.
using Say = std::function<void(std::string_view)>;

class HostSide {
 public:
  /// All of them outlive it.
  HostSide(Switchboard& switchboard, Poller& poller, Say say);

  /// Does what is due to the connections that want attention. `now_usec`: CLOCK_MONOTONIC.
  void service(std::int64_t now_usec);
  /// The poller found the socket of a connection ready.
  void take_readiness(const Readiness& readiness, std::int64_t now_usec);
  /// A host program's socket becomes that of a connection which it asked for.
  void adopt(ConnectionId id, HostSocket socket, std::int64_t now_usec);

  /// When take_time() should be called; nothing: not at all.
  std::optional<std::int64_t> deadline_usec() const;
  void take_time(std::int64_t now_usec);

  std::size_t n_sockets() const { return lines_.size(); }
  /// Connections that wait for a backlog.
  std::size_t n_waiting() const {
    std::size_t count = 0;
    for (const auto& [forward, queue] : queues_) count += queue.size();
    return count;
  }

 private:
  struct Line {
    HostSocket socket;
    Pace pace;
    bool readable = false;
    bool writable = true;
    bool hung_up = false;
    bool greeting_due = false;  ///< a host program waits for its OK
    bool deafened = false;      ///< shut for receiving
    std::optional<std::int64_t> close_at_usec = std::nullopt;
    HostSocket::Got ending =
        HostSocket::Got::kNothing;  ///< how the host's side ended, once close_at_usec is set
  };
  void service(ConnectionId id, std::int64_t now_usec);
  void line_up(ConnectionId id, const Connection& connection, std::int64_t now_usec);
  void connect_waiting(const Forward& forward, ConnectQueue& queue, std::int64_t now_usec);
  bool connect(ConnectionId id, const Forward& forward, ConnectQueue& queue, std::int64_t now_usec);
  void watch(ConnectionId id, HostSocket socket, const Faults& faults, bool greeting_due);
  bool greet(Connection& connection, Line& line);
  bool send(ConnectionId id, Connection& connection, Line& line, std::int64_t now_usec);
  void shut(Connection& connection, Line& line);
  bool read(ConnectionId id, Connection& connection, Line& line, std::int64_t now_usec);
  bool end(ConnectionId id, Connection& connection, Line& line, std::int64_t at_usec, std::int64_t now_usec);
  void wake(std::int64_t at_usec, ConnectionId id) { timers_.emplace(at_usec, id); }

  Switchboard* switchboard_;
  Poller* poller_;
  Say say_;
  std::unordered_map<ConnectionId, Line> lines_;
  std::map<const Forward*, ConnectQueue> queues_;
  std::set<std::pair<std::int64_t, ConnectionId>> timers_;
  std::vector<std::byte> buffer_;
  std::uint64_t serial_ = 0;
};

}  // namespace notifyspec::vsock
