#include "cli/profile_option.h"

#include <fmt/format.h>

#include <string_view>

namespace notifyspec::cli {

std::expected<verdict::Profile, std::string> read_profile(const std::string& text) {
  constexpr std::string_view kPrefix = "systemd-";
  verdict::Profile profile;
  if (text.empty()) return profile;
  if (text.starts_with(kPrefix))
    profile.observed_systemd = verdict::systemd_version(text.substr(kPrefix.size()));
  if (!profile.observed_systemd) return std::unexpected(fmt::format("--profile {}: not systemd-N", text));
  return profile;
}

}  // namespace notifyspec::cli
