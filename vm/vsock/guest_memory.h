// The guest's memory as this process sees it: regions, and the checked way from an address to bytes.
//
// Rule: an address range either lies whole inside one region or is refused; no sum can overflow. Does not own
// the bytes (see mapping.h), does not read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace notifyspec::vsock {

/// One piece of guest memory.
struct MemoryRegion {
  std::uint64_t guest_address = 0;  ///< guest-physical: what descriptors name
  std::uint64_t user_address = 0;   ///< in the VMM's own address space: what ring addresses name (vhost-user)
  std::span<std::byte> bytes;
};

class GuestMemory {
 public:
  GuestMemory() = default;
  explicit GuestMemory(std::vector<MemoryRegion> regions) : regions_(std::move(regions)) {}

  /// `length` bytes at a guest-physical address; nothing where they do not lie in one region.
  std::optional<std::span<std::byte>> at_guest(std::uint64_t address, std::uint64_t length) const;
  /// The same for an address of the VMM.
  std::optional<std::span<std::byte>> at_user(std::uint64_t address, std::uint64_t length) const;

 private:
  std::vector<MemoryRegion> regions_;
};

}  // namespace notifyspec::vsock
