// The hash of field names: which slot of a table a line's name would stand in, and whether it does.
//
// One look at the first 32 bytes of a line finds its '=', one multiplication the slot, one comparison says
// whether the name is the same: no name of the table has more bytes. In a header, so that it stands in the
// loop that needs it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "receiver/padded.h"

namespace notifyspec::receiver::names {

constexpr std::size_t kWidth = 32;  // of what is looked at: the longest name, its '=' and some room
constexpr std::size_t kLeast = 4;   // characters of a name that can be one: the hash reads that many at once
constexpr unsigned kSlotBits = 7;
static_assert(kWidth <= kPadding);

/// Bit i: whether byte i of kWidth is the same in both.
#if defined(__SSE2__)
inline __m128i load(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

inline std::uint32_t join(__m128i low, __m128i high) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
         static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16;
}

inline std::uint32_t same_bytes(const char* one, const char* other) {
  return join(_mm_cmpeq_epi8(load(one), load(other)), _mm_cmpeq_epi8(load(one + 16), load(other + 16)));
}

inline std::uint32_t places_of(char wanted, const char* bytes) {
  const __m128i all = _mm_set1_epi8(wanted);
  return join(_mm_cmpeq_epi8(load(bytes), all), _mm_cmpeq_epi8(load(bytes + 16), all));
}
#else
inline std::uint32_t same_bytes(const char* one, const char* other) {
  std::uint32_t same = 0;
  for (std::size_t i = 0; i < kWidth; ++i) same |= std::uint32_t{one[i] == other[i]} << i;
  return same;
}

inline std::uint32_t places_of(char wanted, const char* bytes) {
  std::uint32_t places = 0;
  for (std::size_t i = 0; i < kWidth; ++i) places |= std::uint32_t{bytes[i] == wanted} << i;
  return places;
}
#endif

/// First and last characters of a name tell them all apart. REQUIRES: size >= kLeast.
inline std::uint64_t key_of(const char* name, std::size_t size) {
  std::uint32_t first = 0, last = 0;
  std::memcpy(&first, name, sizeof first);
  std::memcpy(&last, name + size - sizeof last, sizeof last);
  return (std::uint64_t{last} << 32 | first) + size;
}

struct Slot {
  alignas(16) std::array<char, kWidth> name = {};  ///< and its '='; empty where no field has this slot
  std::uint8_t row = 0;
};

/// A hash without collisions.
struct Table {
  std::uint64_t multiplier = 0;
  std::array<Slot, std::size_t{1} << kSlotBits> slots;

  std::size_t place(std::uint64_t key) const { return (key * multiplier) >> (64U - kSlotBits); }

  /// Of the name that the first `size` bytes of `line` are; none where it is no field's.
  /// REQUIRES: line[size] is the first '=' of all; kLeast <= size < kWidth.
  const Slot* find(const char* line, std::size_t size) const {
    const Slot& slot = slots[place(key_of(line, size))];
    const std::uint32_t behind = ~std::uint32_t{1} << size;  // the '='
    return (same_bytes(line, slot.name.data()) | behind) == ~std::uint32_t{0} ? &slot : nullptr;
  }
};

/// Of all names in the table of fields, by their rows; made at the start of the program, so that no line pays
/// for asking whether it is there.
extern const Table kFields;

}  // namespace notifyspec::receiver::names
