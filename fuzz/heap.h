// Memory is bounded: what all inputs together leave behind on the heap. A receiver hears messages for years,
// and must not grow with them; what grows but can still be reached no leak checker finds.
#pragma once

#include <cstddef>

#include "invariant.h"

// Of the sanitizers; where there are none, nothing is asked.
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();

namespace notifyspec::fuzz {

/// Lives as long as one input is looked at.
class Heap {
 public:
  Heap() : before_(held()) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap() {
    kept_ += held() - before_;
    require(kept_ <= kMost, "what inputs leave behind on the heap is bounded");
  }

 private:
  static constexpr std::ptrdiff_t kMost = 4 << 20;  // what is made once is among it

  static std::ptrdiff_t held() {
    if (__sanitizer_get_current_allocated_bytes == nullptr) return 0;
    return static_cast<std::ptrdiff_t>(__sanitizer_get_current_allocated_bytes());
  }

  static inline std::ptrdiff_t kept_ = 0;
  std::ptrdiff_t before_;
};

}  // namespace notifyspec::fuzz
