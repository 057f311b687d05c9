// The option --profile: how strict a judge is to be.
#pragma once

#include <expected>
#include <string>

#include "verdict/judge.h"

namespace notifyspec::cli {

/// "systemd-N", or empty. An error is a sentence.
std::expected<verdict::Profile, std::string> read_profile(const std::string& text);

}  // namespace notifyspec::cli
