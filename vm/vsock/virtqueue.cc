#include "vsock/virtqueue.h"

#include <atomic>
#include <bit>

#include "vsock/little_endian.h"

namespace notifyspec::vsock {
namespace {

// Layout: virtio 1.2, 2.7.6 and 2.7.8. Both rings begin with flags and index, and end with the event index.
constexpr std::size_t kDescriptorSize = 16;
constexpr std::size_t kFlags = 0;
constexpr std::size_t kIndex = 2;
constexpr std::size_t kEntries = 4;
constexpr std::size_t kAvailableEntrySize = 2;
constexpr std::size_t kUsedEntrySize = 8;
constexpr std::uint16_t kNoInterrupt = 1;
constexpr std::uint32_t kMostDescriptors = 32768;

bool is_aligned(std::span<const std::byte> bytes, std::uintptr_t alignment) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % alignment == 0;
}

std::atomic_ref<std::uint16_t> shared(std::span<std::byte> ring, std::size_t offset) {
  return std::atomic_ref(*reinterpret_cast<std::uint16_t*>(ring.data() + offset));
}

}  // namespace

std::expected<Virtqueue, RingFault> Virtqueue::open(const GuestMemory& memory, const RingPlace& place,
                                                    RingFeatures features, std::uint16_t next_available) {
  if (!std::has_single_bit(place.size) || place.size > kMostDescriptors) {
    return std::unexpected(RingFault::kRingSize);
  }
  constexpr std::size_t kEventIndexSize = 2;
  const auto descriptors = memory.at_user(place.descriptors, kDescriptorSize * place.size);
  const auto available =
      memory.at_user(place.available, kEntries + kAvailableEntrySize * place.size + kEventIndexSize);
  const auto used = memory.at_user(place.used, kEntries + kUsedEntrySize * place.size + kEventIndexSize);
  if (!descriptors || !available || !used) return std::unexpected(RingFault::kRingAddress);
  if (!is_aligned(*descriptors, 16) || !is_aligned(*available, 2) || !is_aligned(*used, 4)) {
    return std::unexpected(RingFault::kRingAddress);
  }
  Virtqueue queue;
  queue.size_ = static_cast<std::uint16_t>(place.size);
  queue.features_ = features;
  queue.descriptors_ = *descriptors;
  queue.available_ = *available;
  queue.used_ = *used;
  queue.next_available_ = next_available;
  queue.next_used_ = shared(*used, kIndex).load(std::memory_order_relaxed);
  queue.signalled_used_ = queue.next_used_;
  return queue;
}

std::uint16_t Virtqueue::available_index() const {
  return shared(available_, kIndex).load(std::memory_order_acquire);
}

std::expected<bool, RingFault> Virtqueue::pop(const GuestMemory& memory, Chain& chain) {
  const auto n_offered = static_cast<std::uint16_t>(available_index() - next_available_);
  if (n_offered == 0) return false;
  if (n_offered > size_) return std::unexpected(RingFault::kAvailableIndex);
  const std::size_t place = next_available_ % size_;
  const std::uint16_t head =
      shared(available_, kEntries + place * kAvailableEntrySize).load(std::memory_order_relaxed);
  const auto followed = follow(memory, descriptors_, head, features_.indirect, chain);
  if (!followed) return std::unexpected(followed.error());
  ++next_available_;
  return true;
}

void Virtqueue::push(std::uint16_t head, std::uint32_t n_written) {
  std::byte* const entry = used_.data() + kEntries + kUsedEntrySize * (next_used_ % size_);
  store_le<std::uint32_t>(entry, head);
  store_le<std::uint32_t>(entry + 4, n_written);
  ++next_used_;
  shared(used_, kIndex).store(next_used_, std::memory_order_release);
}

bool Virtqueue::signal_due() {
  const std::uint16_t before = signalled_used_;
  signalled_used_ = next_used_;
  const auto n_pushed = static_cast<std::uint16_t>(next_used_ - before);
  if (n_pushed == 0) return false;
  // The driver writes its wish, then looks at the index; we wrote the index, and look at its wish. One of the
  // two sees the other (virtio 1.2, 2.7.7).
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!features_.event_index) {
    return (shared(available_, kFlags).load(std::memory_order_relaxed) & kNoInterrupt) == 0;
  }
  const std::uint16_t event =
      shared(available_, kEntries + kAvailableEntrySize * size_).load(std::memory_order_relaxed);
  // Whether the entry that the driver waits for is among those just pushed (2.7.7.2).
  return static_cast<std::uint16_t>(next_used_ - event - 1) < n_pushed;
}

bool Virtqueue::await_kick() {
  // Without the event index the driver tells of every chain: we never ask it not to.
  if (features_.event_index) {
    shared(used_, kEntries + kUsedEntrySize * size_).store(next_available_, std::memory_order_relaxed);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return offers();
}

}  // namespace notifyspec::vsock
