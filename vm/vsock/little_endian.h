// Numbers as virtio writes them: little-endian, at any alignment (virtio 1.2, 1.4).
//
// Copies once; the guest may rewrite the bytes at any time, and what was copied stays what was judged.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>

namespace notifyspec::vsock {

static_assert(std::endian::native == std::endian::little, "a big-endian host would have to swap here");

/// REQUIRES: sizeof(T) bytes at `from`.
template <std::unsigned_integral T>
T load_le(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// REQUIRES: room for sizeof(T) bytes at `to`.
template <std::unsigned_integral T>
void store_le(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace notifyspec::vsock
