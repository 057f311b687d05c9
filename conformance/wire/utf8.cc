#include "wire/utf8.h"

#include <cstddef>
#include <cstdint>

namespace notifyspec::wire {
namespace {

/// What may follow a lead byte: how many bytes, and the bounds of the first of them, which keep out overlong
/// forms, surrogates and what lies above U+10FFFF (RFC 3629, section 4).
struct Tail {
  std::size_t length;
  std::uint8_t low, high;
};

constexpr Tail kNoTail = {0, 0, 0};

constexpr Tail tail_of(std::uint8_t lead) {
  if (lead >= 0xc2 && lead <= 0xdf) return {1, 0x80, 0xbf};
  if (lead == 0xe0) return {2, 0xa0, 0xbf};
  if (lead == 0xed) return {2, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef) return {2, 0x80, 0xbf};
  if (lead == 0xf0) return {3, 0x90, 0xbf};
  if (lead >= 0xf1 && lead <= 0xf3) return {3, 0x80, 0xbf};
  if (lead == 0xf4) return {3, 0x80, 0x8f};
  return kNoTail;
}

constexpr bool within(char byte, std::uint8_t low, std::uint8_t high) {
  const auto value = static_cast<std::uint8_t>(byte);
  return value >= low && value <= high;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<std::uint8_t>(bytes[i++]);
    if (lead < 0x80) continue;
    const Tail tail = tail_of(lead);
    if (tail.length == 0 || bytes.size() - i < tail.length) return false;
    if (!within(bytes[i], tail.low, tail.high)) return false;
    for (std::size_t k = 1; k < tail.length; ++k) {
      if (!within(bytes[i + k], 0x80, 0xbf)) return false;
    }
    i += tail.length;
  }
  return true;
}

}  // namespace notifyspec::wire
