// The device as one VMM has set it up: its memory, its rings, what was negotiated; and how packets get
// through.
//
// Rule: a ring runs from the kick fd that it is given until its base is asked back; when it stops, the guest
// has reset its device, and all connections are gone. A ring that breaks a rule stops the device, which says
// so and goes on when it is set up again. Move-only; unmaps and closes everything with the VMM's connection.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "os/unique_fd.h"
#include "vsock/host_side.h"
#include "vsock/mapping.h"
#include "vsock/packet_rings.h"
#include "vsock/poller.h"
#include "vsock/switchboard.h"
#include "vsock/vhost_user_socket.h"

namespace notifyspec::vsock {

class VhostUserDevice {
 public:
  /// Switchboard and poller outlive it. `say` is for who wants to know, `warn` for what must be known.
  VhostUserDevice(Switchboard& switchboard, Poller& poller, Say say, Say warn)
      : switchboard_(&switchboard), poller_(&poller), say_(std::move(say)), warn_(std::move(warn)) {}
  VhostUserDevice(VhostUserDevice&&) = default;
  ~VhostUserDevice() {
    for (Vring& vring : vrings_) unwatch(vring);
  }

  /// The body of the reply, if there is one; the error is a sentence, and the end of the VMM's connection.
  using Answer = std::expected<std::optional<std::vector<std::byte>>, std::string>;
  Answer handle(VhostMessage message);

  /// The driver has kicked a ring.
  void take_kick(std::uint64_t index);
  /// Packets of the guest; whether there were any.
  bool take() { return guarded(rings_.take(*switchboard_)); }
  /// Packets for the guest; whether there were any.
  bool give() { return guarded(rings_.give(*switchboard_)); }
  /// Tells the driver what it wants to hear.
  void signal();

  /// Takes what the guest has sent, and stops.
  void stop_all() {
    for (std::size_t index = 0; index < kRingCount; ++index) stop(index);
  }

  bool running() const { return rings_.running(); }
  bool is_broken() const { return fault_.has_value(); }

 private:
  struct Vring {
    RingPlace place;
    std::uint16_t next_available = 0;
    bool enabled = true;
    os::UniqueFd kick;
    os::UniqueFd call;
  };

  Answer set(Request request, const Body& body, std::vector<os::UniqueFd>& fds);
  Answer set_features(std::uint64_t features);
  Answer set_memory(const MemoryTable& table, const std::vector<os::UniqueFd>& fds);
  Answer set_ring(Request request, const VringState& state);
  Answer set_ring_fd(Request request, std::uint32_t index, os::UniqueFd fd);
  Answer config(const ConfigRange& range) const;
  std::uint64_t offered_features() const;
  /// The VMM has the same eventfd: it would be watched even when ours is closed (epoll_ctl(2)).
  void unwatch(Vring& vring) {
    if (vring.kick) poller_->remove(vring.kick.get());
    vring.kick = {};
  }
  void start(std::size_t index);
  void stop(std::size_t index);
  bool guarded(const std::expected<bool, RingFault>& outcome);
  void break_down(RingFault fault);

  Switchboard* switchboard_;
  Poller* poller_;
  Say say_;
  Say warn_;
  std::uint64_t features_ = 0;
  std::uint64_t protocol_features_ = 0;
  std::vector<Mapping> mappings_;
  PacketRings rings_;
  std::array<Vring, kRingCount> vrings_;
  std::optional<RingFault> fault_;
};

}  // namespace notifyspec::vsock
