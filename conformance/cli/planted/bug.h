// Planted bugs: what shows that the suite catches those who write one.
//
// Each is a small variant of the one correct implementation of its role, and has a row in one of the tables
// of this folder, which says in one sentence what it does and holds the few lines that do it. The
// implementations themselves know no bug: they ask the variant that they were started with at a few places
// (receiver_bug.h, sender_bug.h). Managers and devices have theirs as changed traces
// (fixtures/mutants.toml).
#pragma once

#include <string_view>
#include <vector>

namespace notifyspec::cli {

struct PlantedBug {
  std::string_view name;
  std::string_view role;
  std::string_view what;
};

/// The name of the correct implementation that bugs are planted in. It is in no table.
inline constexpr std::string_view kNoBug = "none";

/// All of them, receivers' first.
std::vector<PlantedBug> planted_bugs();

/// What an implementation with a bug is called; without one, the word that it has itself.
inline std::string_view named_after(std::string_view bug, std::string_view otherwise) {
  return bug.empty() ? otherwise : bug;
}

}  // namespace notifyspec::cli
