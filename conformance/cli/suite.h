// The suite's data, built into the tool: the version of the tool is the version of what it judges by.
#pragma once

#include <string_view>

namespace notifyspec::cli {

/// fixtures/requirements.toml as it was when the tool was built.
std::string_view built_in_requirements();

}  // namespace notifyspec::cli
