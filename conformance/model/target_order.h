// Target order: which target is ordered after which, as the booted system says, with a number for each name.
//
// Rule (systemd.unit(5), Before=/After=): the relation is given closed over all units, so that asking it is
// one look. Names outside the relation get numbers, too, up to a limit that keeps memory bounded whatever a
// trace holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace notifyspec::model {

/// A set of unit numbers.
class UnitSet {
 public:
  void insert(std::size_t unit);
  void erase(std::size_t unit);
  void clear() { words_.clear(); }
  bool contains(std::size_t unit) const;
  /// The least number that is in both sets.
  std::optional<std::size_t> first_common(const UnitSet& other) const;

 private:
  std::vector<std::uint64_t> words_;
};

class TargetOrder {
 public:
  static constexpr std::size_t kMostUnits = 4096;

  /// `after`: each target with all those that it is ordered after.
  explicit TargetOrder(const std::map<std::string, std::vector<std::string>>& after);
  TargetOrder() = default;

  /// The number of `unit`, which is given one if it has none; nothing once the limit is reached.
  std::optional<std::size_t> number(std::string_view unit);
  const std::string& name(std::size_t unit) const { return names_[unit]; }

  /// All units that are ordered after `unit`, and all that it is ordered after.
  const UnitSet& followers(std::size_t unit) const { return followers_[unit]; }
  const UnitSet& predecessors(std::size_t unit) const { return predecessors_[unit]; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::string> names_;
  std::vector<UnitSet> followers_;
  std::vector<UnitSet> predecessors_;
};

}  // namespace notifyspec::model
