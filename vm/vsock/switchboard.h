// All connections of one guest: which packet belongs to which, which connection speaks next, and who is new.
//
// Rule: virtio 1.2, 5.10.6. Pure and clock-free. Bounded: at most kMostConnections, and kMostStrays replies
// to packets of no connection; while those wait for the guest's buffers, accepts_packets() is false and its
// packets stay where they are. The host side is told nothing: it asks next_attention() which connections to
// look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "vsock/connection.h"
#include "vsock/counts.h"
#include "vsock/fault.h"
#include "vsock/forward.h"
#include "vsock/packet.h"

namespace notifyspec::vsock {

/// Never used twice in the life of a device.
using ConnectionId = std::uint64_t;

inline constexpr std::size_t kMostConnections = 1024;
inline constexpr std::size_t kMostStrays = 128;

class Switchboard {
 public:
  struct Settings {
    std::uint64_t guest_cid = 3;
    std::vector<Forward> forwards;
    FaultPlan faults;
  };

  explicit Switchboard(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }
  const Counts& counts() const { return counts_; }
  std::size_t n_connections() const { return connections_.size(); }
  std::size_t n_strays() const { return strays_.size(); }

  // The guest's side.

  /// Whether take() may be called.
  bool accepts_packets() const { return strays_.size() < kMostStrays; }
  void take(const Header& header, std::span<const std::byte> payload);
  /// A packet whose header lies about its payload.
  void take_malformed(Header header);
  /// Bytes too few for a header.
  void take_runt() { ++counts_.packets_dropped; }
  bool has_packet();
  /// Writes the next packet to `room`; its size. REQUIRES: has_packet(), and `room` for a header and one
  /// byte.
  std::size_t give(std::span<std::byte> room);

  // The host's side.

  /// A connection of which something may be due to its host socket, or that is gone.
  std::optional<ConnectionId> next_attention();
  /// Null where it is gone. The pointer is good until the next call of anything that is not const.
  Connection* find(ConnectionId id);
  /// To be called once something has been told to a connection that find() gave.
  void settle(ConnectionId id);
  /// A host program wants to reach `guest_port`; nothing where there are too many connections.
  std::optional<ConnectionId> open(Kind kind, std::uint32_t guest_port);

  /// The guest has reset its device: all is gone for it, and nobody is told; host sockets still get what came
  /// before.
  void drop_all();
  /// The same for host sockets: what they have not taken by now is lost.
  void forget_all();

 private:
  struct Entry {
    Connection connection;
    bool speaks = false;     ///< stands in speakers_
    bool attention = false;  ///< stands in attention_
  };
  using Entries = std::map<ConnectionId, Entry>;

  static std::uint64_t key(Ends ends) { return std::uint64_t{ends.guest_port} << 32 | ends.host_port; }
  std::optional<Ends> free_ends(std::uint32_t guest_port);
  bool is_misaddressed(const Header& header);
  void take_request(const Header& header);
  void answer_stray(const Header& header);
  Entries::iterator add(Ends ends, Kind kind, Connection::Phase begin, const Faults& faults);
  void settle(Entries::iterator place);

  Settings settings_;
  Counts counts_;
  Entries connections_;
  std::unordered_map<std::uint64_t, ConnectionId> by_ends_;
  std::deque<ConnectionId> speakers_;
  std::deque<ConnectionId> attention_;
  std::deque<Header> strays_;  ///< RST, ready to be sent
  ConnectionId next_id_ = 1;
  std::uint32_t next_host_port_ = 1024;
};

}  // namespace notifyspec::vsock
