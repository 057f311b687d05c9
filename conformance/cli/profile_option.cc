#include "cli/profile_option.h"

#include <string_view>

#include "model/profile.h"

namespace notifyspec::cli {
namespace {

constexpr std::string_view kPrefix = "systemd-";

}  // namespace

std::vector<std::string> observed_profiles() {
  std::vector<std::string> names;
  for (const std::string_view each : model::profile_names())
    if (each.starts_with(kPrefix)) names.emplace_back(each);
  return names;
}

verdict::Profile profile_named(const std::string& name) {
  if (!name.starts_with(kPrefix)) return {};
  return {.observed_systemd = verdict::systemd_version(name.substr(kPrefix.size()))};
}

}  // namespace notifyspec::cli
