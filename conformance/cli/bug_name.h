// The name of a planted bug on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace notifyspec::cli {

/// One of `names`. There are hundreds: who writes another is told where they stand, and not all of them.
class BugName : public CLI::Validator {
 public:
  explicit BugName(const std::vector<std::string>& names);
};

}  // namespace notifyspec::cli
