// The command line told as data: subcommands, and the options of each. Manual page and completion are made of
// it.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <vector>

namespace notifyspec::cli {

/// For the program itself and each subcommand one row that says what it is for, and one for each of its
/// options.
std::vector<nlohmann::ordered_json> command_line_rows(const CLI::App& app);

}  // namespace notifyspec::cli
