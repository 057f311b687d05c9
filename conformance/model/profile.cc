#include "model/profile.h"

#include <algorithm>
#include <array>

namespace notifyspec::model {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"documented", "systemd-252", "systemd-254", "systemd-257",
                                                    "systemd-262"};
constexpr std::array kVersions = {0, 252, 254, 257, 262};  // of the same places; the documents have none

bool answers(const QuirkRow& row, int version) {
  if (version == 0) return row.documented;
  return version >= row.since && version < row.until;
}

}  // namespace

std::span<const std::string_view> profile_names() {
  return kNames;
}

std::optional<Profile> find_profile(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  const int version = kVersions[static_cast<std::size_t>(found - kNames.begin())];
  Profile profile{.name = *found, .answers = {}};
  for (const QuirkRow& row : quirks()) {
    profile.answers.set(static_cast<std::size_t>(row.quirk), answers(row, version));
  }
  return profile;
}

}  // namespace notifyspec::model
