#include "cli/nearest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace notifyspec::cli {

std::size_t distance(std::string_view a, std::string_view b) {
  using Row = std::vector<std::size_t>;
  Row above(b.size() + 1);
  Row row(b.size() + 1);
  Row next(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) next[j] = std::min(next[j], above[j - 2] + 1);
    }
    above.swap(row);
    row.swap(next);
  }
  return row.back();
}

std::string_view nearest(std::string_view word, std::span<const std::string> known) {
  constexpr std::size_t kFar = 3;
  std::string_view best;
  std::size_t least = std::min(kFar, word.size());  // of a letter or two, every word would be near
  for (const std::string& each : known) {
    const std::size_t steps = distance(word, each);
    if (steps >= least) continue;
    least = steps;
    best = each;
  }
  return best;
}

}  // namespace notifyspec::cli
