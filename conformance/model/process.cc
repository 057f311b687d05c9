#include "model/process.h"

#include <algorithm>
#include <array>

namespace notifyspec::model {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {"main", "child", "other-uid", "stranger"};

}  // namespace

std::string_view name(Role role) {
  return kRoles[static_cast<std::size_t>(role)];
}

std::optional<Role> find_role(std::string_view name) {
  const auto* const found = std::ranges::find(kRoles, name);
  if (found == kRoles.end()) return std::nullopt;
  return static_cast<Role>(found - kRoles.begin());
}

const Process* Processes::find(std::int64_t pid) const {
  const auto found = std::ranges::find(known_, pid, &Process::pid);
  return found == known_.end() ? nullptr : &*found;
}

std::optional<std::int64_t> Processes::pid_of(Role role) const {
  const auto found = std::ranges::find(known_, role, &Process::role);
  if (found == known_.end()) return std::nullopt;
  return found->pid;
}

}  // namespace notifyspec::model
