// A descriptor chain: the buffers that a driver hands over at once, found by following its descriptors.
//
// Rule: every descriptor is copied once and then judged; addresses, lengths, indices and the number of steps
// are all checked, so that no table, whatever is in it, leads out of guest memory or round in a circle
// (virtio 1.2, 2.7.5 and 2.7.5.3). Does not know rings; see virtqueue.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "vsock/guest_memory.h"

namespace notifyspec::vsock {

/// What is wrong with a ring: the driver broke a rule, and the device stops.
enum class RingFault {
  kRingAddress,       ///< a part of the ring is outside guest memory, or not aligned
  kRingSize,          ///< no power of two up to 32768 (virtio 1.2, 2.7)
  kAvailableIndex,    ///< more chains offered than the ring has places
  kHeadIndex,         ///< a chain begins outside the table
  kNextIndex,         ///< a chain goes on outside the table
  kChainLength,       ///< a chain has more descriptors than the table: a circle
  kChainSize,         ///< a chain has 4 GiB or more
  kBufferAddress,     ///< a buffer is not inside one region of guest memory
  kBufferOrder,       ///< a readable buffer stands behind a writable one
  kIndirect,          ///< an indirect table that was not negotiated, or inside another, or with a next one
  kIndirectTable,     ///< an indirect table outside guest memory, empty, of a broken or too big size
  kReceiveBufferSize  ///< a buffer for the guest that cannot hold a header and one byte
};

/// A sentence about `fault`.
std::string_view describe(RingFault fault);

struct Chain {
  std::uint16_t head = 0;
  std::vector<std::span<const std::byte>> readable;
  std::vector<std::span<std::byte>> writable;
  std::uint64_t readable_size = 0;  ///< bytes
  std::uint64_t writable_size = 0;  ///< bytes

  void clear();
  /// Copies what is readable from `offset` on to `to`. REQUIRES: offset + to.size() <= readable_size.
  void copy_out(std::uint64_t offset, std::span<std::byte> to) const;
  /// Copies `from` to the front of what is writable. REQUIRES: from.size() <= writable_size.
  void copy_in(std::span<const std::byte> from) const;
};

/// Follows the chain that begins at `head` in `table` (16 bytes a descriptor) and fills `chain`.
std::expected<void, RingFault> follow(const GuestMemory& memory, std::span<const std::byte> table,
                                      std::uint16_t head, bool indirect_negotiated, Chain& chain);

}  // namespace notifyspec::vsock
