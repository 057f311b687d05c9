// The door for host programs: a listening AF_UNIX socket at which they say `CONNECT PORT\n`, and mean a port
// in the guest.
//
// Rule: as Firecracker and cloud-hypervisor have it, and over SEQPACKET as one packet. Reads the one line and
// not a byte more; what follows is the connection's. Does not open connections: hear() says who wants what.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vsock/entrance.h"
#include "vsock/host_socket.h"
#include "vsock/poller.h"

namespace notifyspec::vsock {

/// The port of "CONNECT PORT\n"; nothing where it is anything else.
std::optional<std::uint32_t> parse_connect(std::string_view line);

class ConnectDoor {
 public:
  struct Wish {
    std::uint32_t port;  ///< in the guest
    HostSocket socket;
  };

  /// The poller outlives it.
  explicit ConnectDoor(Poller& poller) : poller_(&poller) {}

  std::expected<void, os::OsError> listen(const HostAddress& at);
  /// Source::kDoor is ready.
  void admit(std::uint64_t entrance, std::int64_t now_usec);
  /// Source::kVisitor is ready: what it wants, once it has said so.
  std::optional<Wish> hear(std::uint64_t visitor);

  /// When take_time() should be called; nothing: not at all.
  std::optional<std::int64_t> deadline_usec() const;
  void take_time(std::int64_t now_usec);

  std::size_t n_visitors() const { return visitors_.size(); }

 private:
  Poller* poller_;
  std::vector<Entrance> entrances_;
  std::unordered_map<std::uint64_t, HostSocket> visitors_;
  std::uint64_t next_visitor_ = 0;
};

}  // namespace notifyspec::vsock
