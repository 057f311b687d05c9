#include "cli/bug_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace notifyspec::cli {

BugName::BugName(const std::vector<std::string>& names)
    // The description is what `list options` makes the choices of, for completion.
    : CLI::Validator(
          [names](const std::string& name) -> std::string {
            if (std::ranges::find(names, name) != names.end()) return {};
            return fmt::format("there is no bug {}: `notifyspec list bugs` has the names", name);
          },
          fmt::format("{{{}}}", fmt::join(names, ","))) {}

}  // namespace notifyspec::cli
