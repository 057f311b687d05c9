// A split virtqueue, seen from the device: chains come out of it, and go back used.
//
// Rule: indices that both sides write are read and written atomically, each once; nothing that the guest
// wrote is believed twice (virtio 1.2, 2.7). Does not signal by itself: signal_due() says whether the driver
// wants to hear. Lives on pointers into guest memory: make it anew when that is mapped anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

#include "vsock/chain.h"
#include "vsock/guest_memory.h"

namespace notifyspec::vsock {

/// Where a ring lies: addresses of the VMM, as vhost-user's SET_VRING_ADDR gives them.
struct RingPlace {
  std::uint32_t size = 0;  ///< descriptors
  std::uint64_t descriptors = 0;
  std::uint64_t available = 0;
  std::uint64_t used = 0;
};

/// What was negotiated (virtio 1.2, 6).
struct RingFeatures {
  bool indirect = false;     ///< VIRTIO_F_INDIRECT_DESC
  bool event_index = false;  ///< VIRTIO_F_EVENT_IDX
};

class Virtqueue {
 public:
  /// Goes on at `next_available`, the free-running index of the first chain that was not yet taken.
  static std::expected<Virtqueue, RingFault> open(const GuestMemory& memory, const RingPlace& place,
                                                  RingFeatures features, std::uint16_t next_available);

  /// Takes the next chain; false where there is none.
  std::expected<bool, RingFault> pop(const GuestMemory& memory, Chain& chain);
  /// Gives a chain back, with the number of bytes that were written to it.
  void push(std::uint16_t head, std::uint32_t n_written);

  /// Whether the driver wants to be told of what was pushed since it was asked last.
  bool signal_due();
  /// Asks the driver to tell of the next chain; true where one is there already, and must be taken without
  /// being told.
  bool await_kick();

  std::uint16_t next_available() const { return next_available_; }
  std::uint16_t size() const { return size_; }

 private:
  Virtqueue() = default;
  std::uint16_t available_index() const;
  bool offers() const { return available_index() != next_available_; }

  std::uint16_t size_ = 0;
  RingFeatures features_;
  std::span<std::byte> descriptors_;
  std::span<std::byte> available_;
  std::span<std::byte> used_;
  std::uint16_t next_available_ = 0;
  std::uint16_t next_used_ = 0;
  std::uint16_t signalled_used_ = 0;  ///< next_used_ when signal_due() was asked last
};

}  // namespace notifyspec::vsock
