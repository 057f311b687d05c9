#include "receiver/tag.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace notifyspec::receiver {
namespace {

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
  std::array<char, kWidth> name = {};
  std::size_t size = 0;
  Tag tag = Tag::kUnknown;
};

/// A hash without collisions: the first of a row of odd multipliers that gives each name a slot of its own.
class Table {
 public:
  Table() {
    while (!fill()) multiplier_ += 2;
  }

  Tag find(const char* line, std::size_t size) const {
    const Slot& slot = slots_[place(key_of(line, size))];
    const std::uint32_t beyond = ~std::uint32_t{0} << size;
    const bool same = (same_bytes(line, slot.name.data()) | beyond) == ~std::uint32_t{0};
    return same && slot.size == size ? slot.tag : Tag::kUnknown;
  }

 private:
  std::size_t place(std::uint64_t key) const { return (key * multiplier_) >> (64U - kSlotBits); }

  bool fill() {
    slots_.fill({});
    std::size_t row = 0;
    for (const field::Field& field : field::fields()) {
      Slot& slot = slots_[place(key_of(field.name.data(), field.name.size()))];
      if (slot.size != 0) return false;
      slot.size = field.name.size();
      slot.tag = static_cast<Tag>(row++);
      std::ranges::copy(field.name, slot.name.begin());
    }
    return true;
  }

  std::uint64_t multiplier_ = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio: it spreads
  std::array<Slot, std::size_t{1} << kSlotBits> slots_;
};

const Table kTable;  // at the start of the program, so that no line pays for asking whether it is there

}  // namespace

const field::Field& field_of(Tag tag) {
  return field::fields()[static_cast<std::size_t>(tag)];
}

Tagged classify(std::string_view line) {
  const std::uint32_t equals = places_of('=', line.data());
  if (equals == 0) return {};
  const auto size = static_cast<std::size_t>(__builtin_ctz(equals));
  if (size < kLeast || size >= line.size()) return {};
  const Tag tag = kTable.find(line.data(), size);
  if (tag == Tag::kUnknown) return {};
  return {tag, line.substr(size + 1)};
}

}  // namespace notifyspec::receiver
