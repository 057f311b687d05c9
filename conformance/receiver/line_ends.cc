#include "receiver/line_ends.h"

#include <cstring>
#include <vector>

#include "receiver/line_ends_avx2.h"

namespace notifyspec::receiver {
namespace {

bool find_with_memchr(Padded payload, LineEnds& ends) {
  const std::string_view bytes = payload.bytes;
  ends.count = 0;
  if (bytes.empty()) return true;
  if (std::memchr(bytes.data(), '\0', bytes.size()) != nullptr) return false;
  std::size_t next = 0;
  while (next < bytes.size()) {
    const void* const newline = std::memchr(bytes.data() + next, '\n', bytes.size() - next);
    const std::size_t end = newline == nullptr
                                ? bytes.size()
                                : static_cast<std::size_t>(static_cast<const char*>(newline) - bytes.data());
    ends.offsets[ends.count++] = static_cast<std::uint16_t>(end);
    next = end + 1;
  }
  return true;
}

std::vector<LineEndFinder> usable() {
  std::vector<LineEndFinder> finders;
#if NOTIFYSPEC_HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
    finders.push_back({"avx2", find_with_avx2});
#endif
  finders.push_back({"memchr", find_with_memchr});
  return finders;
}

}  // namespace

std::span<const LineEndFinder> line_end_finders() {
  static const std::vector<LineEndFinder> kFinders = usable();
  return kFinders;
}

}  // namespace notifyspec::receiver
