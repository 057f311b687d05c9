// Keeps the compiler from leaving out what nobody looks at.
#pragma once

namespace notifyspec::bench {

template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

}  // namespace notifyspec::bench
