#include "model/target_order.h"

#include <algorithm>
#include <bit>

namespace notifyspec::model {
namespace {

constexpr std::size_t kBits = 64;

std::uint64_t bit(std::size_t unit) {
  return std::uint64_t{1} << (unit % kBits);
}

}  // namespace

void UnitSet::insert(std::size_t unit) {
  if (words_.size() <= unit / kBits) words_.resize(unit / kBits + 1);
  words_[unit / kBits] |= bit(unit);
}

void UnitSet::erase(std::size_t unit) {
  if (unit / kBits < words_.size()) words_[unit / kBits] &= ~bit(unit);
}

bool UnitSet::contains(std::size_t unit) const {
  return unit / kBits < words_.size() && (words_[unit / kBits] & bit(unit)) != 0;
}

std::optional<std::size_t> UnitSet::first_common(const UnitSet& other) const {
  const std::size_t n_words = std::min(words_.size(), other.words_.size());
  for (std::size_t i = 0; i < n_words; ++i)
    if (const std::uint64_t both = words_[i] & other.words_[i]; both != 0)
      return i * kBits + static_cast<std::size_t>(std::countr_zero(both));
  return std::nullopt;
}

TargetOrder::TargetOrder(const std::map<std::string, std::vector<std::string>>& after) {
  for (const auto& [target, befores] : after) {
    const auto later = number(target);
    if (!later) return;
    for (const std::string& before : befores) {
      const auto earlier = number(before);
      if (!earlier || *earlier == *later) continue;
      // Two that are each after the other (systemd breaks such a cycle as it likes) are not ordered at all.
      if (followers_[*later].contains(*earlier)) {
        followers_[*later].erase(*earlier);
        predecessors_[*earlier].erase(*later);
        continue;
      }
      followers_[*earlier].insert(*later);
      predecessors_[*later].insert(*earlier);
    }
  }
}

std::optional<std::size_t> TargetOrder::number(std::string_view unit) {
  if (const auto found = numbers_.find(unit); found != numbers_.end()) return found->second;
  if (names_.size() == kMostUnits) return std::nullopt;
  const std::size_t next = names_.size();
  numbers_.emplace(unit, next);
  names_.emplace_back(unit);
  followers_.emplace_back();
  predecessors_.emplace_back();
  return next;
}

}  // namespace notifyspec::model
