#include "vsock/guest_memory.h"

namespace notifyspec::vsock {
namespace {

std::optional<std::span<std::byte>> find(const std::vector<MemoryRegion>& regions,
                                         std::uint64_t MemoryRegion::*start, std::uint64_t address,
                                         std::uint64_t length) {
  for (const MemoryRegion& region : regions) {
    if (address < region.*start) continue;
    const std::uint64_t offset = address - region.*start;
    const std::uint64_t size = region.bytes.size();
    // Each difference is taken only once it is known not to be negative.
    if (offset <= size && length <= size - offset) return region.bytes.subspan(offset, length);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::span<std::byte>> GuestMemory::at_guest(std::uint64_t address, std::uint64_t length) const {
  return find(regions_, &MemoryRegion::guest_address, address, length);
}

std::optional<std::span<std::byte>> GuestMemory::at_user(std::uint64_t address, std::uint64_t length) const {
  return find(regions_, &MemoryRegion::user_address, address, length);
}

}  // namespace notifyspec::vsock
