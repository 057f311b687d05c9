#include "vsock/chain.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "vsock/little_endian.h"

namespace notifyspec::vsock {
namespace {

// virtio 1.2, 2.7.5: a descriptor is address (8), length (4), flags (2), next (2).
constexpr std::size_t kDescriptorSize = 16;
constexpr std::uint16_t kNext = 1;
constexpr std::uint16_t kWrite = 2;
constexpr std::uint16_t kIndirectFlag = 4;
// A chain in an indirect table may be as long as the largest ring that a sane driver has.
constexpr std::size_t kMostIndirect = 1024;

struct Descriptor {
  std::uint64_t address;
  std::uint32_t length;
  std::uint16_t flags;
  std::uint16_t next;
};

Descriptor read_descriptor(std::span<const std::byte> table, std::size_t index) {
  const std::byte* const from = table.data() + index * kDescriptorSize;
  const Descriptor descriptor = {.address = load_le<std::uint64_t>(from),
                                 .length = load_le<std::uint32_t>(from + 8),
                                 .flags = load_le<std::uint16_t>(from + 12),
                                 .next = load_le<std::uint16_t>(from + 14)};
  // The compiler must not read the table again for a value that was checked.
  std::atomic_signal_fence(std::memory_order_seq_cst);
  return descriptor;
}

std::expected<void, RingFault> add_buffer(const GuestMemory& memory, const Descriptor& descriptor,
                                          Chain& chain) {
  const bool writable = (descriptor.flags & kWrite) != 0;
  if (!writable && !chain.writable.empty()) return std::unexpected(RingFault::kBufferOrder);
  const auto bytes = memory.at_guest(descriptor.address, descriptor.length);
  if (!bytes) return std::unexpected(RingFault::kBufferAddress);
  if (writable) {
    chain.writable.push_back(*bytes);
    chain.writable_size += bytes->size();
  } else {
    chain.readable.emplace_back(*bytes);
    chain.readable_size += bytes->size();
  }
  // virtio 1.2, 2.7.5.2: a chain has at most 2^32 bytes.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 32;
  if (chain.readable_size + chain.writable_size > kMost) return std::unexpected(RingFault::kChainSize);
  return {};
}

std::expected<std::span<const std::byte>, RingFault> indirect_table(const GuestMemory& memory,
                                                                    const Descriptor& descriptor) {
  const std::size_t size = descriptor.length;
  if (size == 0 || size % kDescriptorSize != 0 || size / kDescriptorSize > kMostIndirect) {
    return std::unexpected(RingFault::kIndirectTable);
  }
  const auto table = memory.at_guest(descriptor.address, size);
  if (!table) return std::unexpected(RingFault::kIndirectTable);
  return *table;
}

}  // namespace

std::string_view describe(RingFault fault) {
  switch (fault) {
    case RingFault::kRingAddress:
      return "a part of the ring is outside guest memory, or not aligned";
    case RingFault::kRingSize:
      return "the size of the ring is no power of two up to 32768";
    case RingFault::kAvailableIndex:
      return "more chains are offered than the ring has places";
    case RingFault::kHeadIndex:
      return "a chain begins outside the descriptor table";
    case RingFault::kNextIndex:
      return "a chain goes on outside its descriptor table";
    case RingFault::kChainLength:
      return "a chain has more descriptors than its table";
    case RingFault::kChainSize:
      return "a chain has more than 4 GiB";
    case RingFault::kBufferAddress:
      return "a buffer is not inside one region of guest memory";
    case RingFault::kBufferOrder:
      return "a readable buffer stands behind a writable one";
    case RingFault::kIndirect:
      return "an indirect table where none may be";
    case RingFault::kIndirectTable:
      return "an indirect table is outside guest memory or has a wrong size";
    case RingFault::kReceiveBufferSize:
      return "a receive buffer cannot hold a header and one byte";
  }
  return "unknown fault";
}

void Chain::clear() {
  readable.clear();
  writable.clear();
  readable_size = 0;
  writable_size = 0;
}

void Chain::copy_out(std::uint64_t offset, std::span<std::byte> to) const {
  for (const std::span<const std::byte> from : readable) {
    if (to.empty()) break;
    if (offset >= from.size()) {
      offset -= from.size();
      continue;
    }
    const std::size_t count = std::min<std::size_t>(to.size(), from.size() - offset);
    std::memcpy(to.data(), from.data() + offset, count);
    to = to.subspan(count);
    offset = 0;
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);  // judged is what was copied, once
}

void Chain::copy_in(std::span<const std::byte> from) const {
  for (const std::span<std::byte> to : writable) {
    if (from.empty()) break;
    const std::size_t count = std::min(from.size(), to.size());
    if (count == 0) continue;
    std::memcpy(to.data(), from.data(), count);
    from = from.subspan(count);
  }
}

std::expected<void, RingFault> follow(const GuestMemory& memory, std::span<const std::byte> table,
                                      std::uint16_t head, bool indirect_negotiated, Chain& chain) {
  chain.clear();
  chain.head = head;
  std::size_t size = table.size() / kDescriptorSize;
  if (head >= size) return std::unexpected(RingFault::kHeadIndex);
  std::size_t index = head;
  bool inside_indirect = false;
  for (std::size_t n_steps = 0; n_steps < size; ++n_steps) {
    const Descriptor descriptor = read_descriptor(table, index);
    if ((descriptor.flags & kIndirectFlag) != 0) {
      const bool last = (descriptor.flags & kNext) == 0;
      if (!indirect_negotiated || inside_indirect || !last) return std::unexpected(RingFault::kIndirect);
      const auto inner = indirect_table(memory, descriptor);
      if (!inner) return std::unexpected(inner.error());
      table = *inner;
      size = table.size() / kDescriptorSize;
      inside_indirect = true;
      index = 0;
      n_steps = static_cast<std::size_t>(-1);  // counts from 0 again, in a table that can lead no deeper
      continue;
    }
    if (const auto added = add_buffer(memory, descriptor, chain); !added) return added;
    if ((descriptor.flags & kNext) == 0) return {};
    index = descriptor.next;
    if (index >= size) return std::unexpected(RingFault::kNextIndex);
  }
  return std::unexpected(RingFault::kChainLength);
}

}  // namespace notifyspec::vsock
