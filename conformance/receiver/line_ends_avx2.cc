#include "receiver/line_ends_avx2.h"

#if NOTIFYSPEC_HAS_AVX2

#include <immintrin.h>

#include <algorithm>

#define NOTIFYSPEC_AVX2 __attribute__((target("avx2,bmi,bmi2")))

namespace notifyspec::receiver {
namespace {

constexpr std::size_t kStep = sizeof(__m256i);
constexpr std::size_t kBlock = 2 * kStep;    // one mask of 64 bits
constexpr std::size_t kStride = 2 * kBlock;  // a message of usual length is read without a loop

NOTIFYSPEC_AVX2 inline __m256i load(const char* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

/// 64 bytes, and a bit for each that counts.
struct Block {
  __m256i low, high;
  std::uint64_t ours;  ///< not what stands behind the payload
};

NOTIFYSPEC_AVX2 inline Block read_block(const char* from, std::size_t left) {
  return {load(from), load(from + kStep), _bzhi_u64(~std::uint64_t{0}, std::min(left, kBlock))};
}

NOTIFYSPEC_AVX2 inline std::uint64_t places_of(char wanted, const Block& block) {
  const __m256i all = _mm256_set1_epi8(wanted);
  const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, all)));
  const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, all)));
  return (low | std::uint64_t{high} << 32) & block.ours;
}

NOTIFYSPEC_AVX2 inline std::uint16_t* write_places(std::uint64_t places, std::size_t base,
                                                   std::uint16_t* out) {
  for (; places != 0; places = _blsr_u64(places))
    *out++ = static_cast<std::uint16_t>(base + _tzcnt_u64(places));
  return out;
}

/// Whether all bytes of a stride are above '\n', so that neither it nor a NUL is among them: one comparison
/// for both, after the smallest byte of each column.
NOTIFYSPEC_AVX2 inline bool is_plain(const char* bytes) {
  const __m256i low = _mm256_min_epu8(load(bytes), load(bytes + kStep));
  const __m256i high = _mm256_min_epu8(load(bytes + kBlock), load(bytes + kBlock + kStep));
  const __m256i least = _mm256_min_epu8(low, high);
  const __m256i at_most = _mm256_min_epu8(least, _mm256_set1_epi8('\n'));
  return _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, at_most)) == 0;
}

/// Behind the last newline, which stands before `out`, may be a line without one.
inline void end_with(std::string_view payload, std::uint16_t* out, LineEnds& ends) {
  if (!payload.empty() && payload.back() != '\n') *out++ = static_cast<std::uint16_t>(payload.size());
  ends.count = static_cast<std::size_t>(out - ends.offsets.data());
}

/// Of more than one block. Not inlined: what it needs to keep is not kept for a message that has only one.
[[gnu::noinline]] NOTIFYSPEC_AVX2 bool find_in_strides(Padded payload, LineEnds& ends) {
  const char* const bytes = payload.bytes.data();
  const std::size_t size = payload.bytes.size();
  std::uint16_t* out = ends.offsets.data();
  std::uint64_t nuls = 0;
  for (std::size_t place = 0; place < size; place += kStride) {
    while (place + kStride <= size && is_plain(bytes + place)) place += kStride;
    if (place >= size) break;
    const Block first = read_block(bytes + place, size - place);
    nuls |= places_of('\0', first);
    out = write_places(places_of('\n', first), place, out);
    if (size - place <= kBlock) break;
    const Block second = read_block(bytes + place + kBlock, size - place - kBlock);
    nuls |= places_of('\0', second);
    out = write_places(places_of('\n', second), place + kBlock, out);
  }
  end_with(payload.bytes, out, ends);
  return nuls == 0;
}

}  // namespace

NOTIFYSPEC_AVX2 bool find_with_avx2(Padded payload, LineEnds& ends) {
  if (payload.bytes.size() > kBlock) return find_in_strides(payload, ends);
  const Block all = read_block(payload.bytes.data(), payload.bytes.size());
  end_with(payload.bytes, write_places(places_of('\n', all), 0, ends.offsets.data()), ends);
  return places_of('\0', all) == 0;
}

}  // namespace notifyspec::receiver

#endif
