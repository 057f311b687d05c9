// A profile: how one receiver answers the questions of the table of quirks.
//
// "documented" is a receiver that keeps to the manual pages, "systemd-262" is what that version does. A
// profile is data that can be changed: a receiver with a bug is a correct one with other answers.
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <string_view>

#include "model/quirk.h"

namespace notifyspec::model {

struct Profile {
  std::string_view name;
  std::bitset<kQuirkCount> answers;

  bool has(Quirk quirk) const { return answers[static_cast<std::size_t>(quirk)]; }
};

/// "documented", "systemd-252", "systemd-254", "systemd-257", "systemd-262".
std::span<const std::string_view> profile_names();

/// The profile of that name, or nothing.
std::optional<Profile> find_profile(std::string_view name);

}  // namespace notifyspec::model
