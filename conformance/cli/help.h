// What --help prints.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace notifyspec::cli {

/// As CLI11 has it, but for choices that are too many to be read in a line.
class Help : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace notifyspec::cli
