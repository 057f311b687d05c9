#include "model/notify_access.h"

#include <algorithm>
#include <array>

namespace notifyspec::model {
namespace {

constexpr std::array<std::string_view, 4> kAccesses = {"none", "main", "exec", "all"};

}  // namespace

std::string_view name(NotifyAccess access) {
  return kAccesses[static_cast<std::size_t>(access)];
}

std::optional<NotifyAccess> find_notify_access(std::string_view name) {
  const auto* const found = std::ranges::find(kAccesses, name);
  if (found == kAccesses.end()) return std::nullopt;
  return static_cast<NotifyAccess>(found - kAccesses.begin());
}

}  // namespace notifyspec::model
