// The table of requirements that a subcommand works with: the one that is built in, or somebody's own.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "verdict/requirement.h"

namespace notifyspec::cli {

/// Empty `path`: the one that is built in. An error is a sentence that names file and place.
std::expected<std::vector<verdict::Requirement>, std::string> read_requirements(const std::string& path);

}  // namespace notifyspec::cli
