// The two rings that carry packets, and the pumping between them and the switchboard.
//
// Shape: virtio 1.2, 5.10.2: queue 0 is for packets to the guest, queue 1 for those of the guest; the event
// queue stays with the VMM. Rule: a packet is copied whole before it is looked at. Does not know where the
// rings come from, nor how a driver is signalled.
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <vector>

#include "vsock/guest_memory.h"
#include "vsock/switchboard.h"
#include "vsock/virtqueue.h"

namespace notifyspec::vsock {

inline constexpr std::size_t kToGuest = 0;
inline constexpr std::size_t kFromGuest = 1;
inline constexpr std::size_t kRingCount = 2;

/// Bytes of payload in one packet; the guest may send no longer one, and is sent no longer one.
inline constexpr std::size_t kMostPayload = kOfferedCredit;

class PacketRings {
 public:
  PacketRings();

  void set_memory(GuestMemory memory) { memory_ = std::move(memory); }
  const GuestMemory& memory() const { return memory_; }
  /// REQUIRES: index < kRingCount, here and below; the ring lies in memory().
  void attach(std::size_t index, Virtqueue ring) { rings_[index] = ring; }
  void detach(std::size_t index) { rings_[index].reset(); }
  bool is_attached(std::size_t index) const { return rings_[index].has_value(); }
  bool running() const { return is_attached(kToGuest) && is_attached(kFromGuest); }
  /// 0 where none is attached.
  std::uint16_t next_available(std::size_t index) const {
    const std::optional<Virtqueue>& ring = rings_[index];
    return ring ? ring->next_available() : std::uint16_t{0};
  }

  /// How many chains it can hold; 0 where none is attached.
  std::uint16_t size(std::size_t index) const {
    const std::optional<Virtqueue>& ring = rings_[index];
    return ring ? ring->size() : std::uint16_t{0};
  }

  /// Takes packets of the guest, a batch at most; whether there were any.
  std::expected<bool, RingFault> take(Switchboard& switchboard);
  /// Gives packets to the guest, as long as it has buffers, a batch at most; whether there were any.
  std::expected<bool, RingFault> give(Switchboard& switchboard);
  /// Whether the driver wants to hear of what was done on that ring since it was asked last.
  bool signal_due(std::size_t index) {
    std::optional<Virtqueue>& ring = rings_[index];
    return ring && ring->signal_due();
  }

 private:
  void take_packet(Switchboard& switchboard);

  GuestMemory memory_;
  std::array<std::optional<Virtqueue>, kRingCount> rings_;
  Chain chain_;
  std::vector<std::byte> packet_;
};

}  // namespace notifyspec::vsock
