#include "allocations.h"

#include <cstdlib>
#include <new>

namespace {

std::size_t n = 0;

void* allocate(std::size_t size) {
  ++n;
  if (void* const room = std::malloc(size)) return room;
  throw std::bad_alloc();
}

/// `size` is a multiple of `alignment` for aligned_alloc(3).
void* allocate(std::size_t size, std::align_val_t alignment) {
  ++n;
  const auto step = static_cast<std::size_t>(alignment);
  if (void* const room = std::aligned_alloc(step, (size + step - 1) / step * step)) return room;
  throw std::bad_alloc();
}

}  // namespace

std::size_t notifyspec::bench::n_allocations() {
  return n;
}

// Those that promise not to throw call these.
void* operator new(std::size_t size) {
  return allocate(size);
}
void* operator new[](std::size_t size) {
  return allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, alignment);
}
void operator delete(void* room) noexcept {
  std::free(room);
}
void operator delete[](void* room) noexcept {
  std::free(room);
}
void operator delete(void* room, std::size_t) noexcept {
  std::free(room);
}
void operator delete[](void* room, std::size_t) noexcept {
  std::free(room);
}
void operator delete(void* room, std::align_val_t) noexcept {
  std::free(room);
}
void operator delete[](void* room, std::align_val_t) noexcept {
  std::free(room);
}
void operator delete(void* room, std::size_t, std::align_val_t) noexcept {
  std::free(room);
}
void operator delete[](void* room, std::size_t, std::align_val_t) noexcept {
  std::free(room);
}
