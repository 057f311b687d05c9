#include "cli/requirements_file.h"

#include <fmt/format.h>

#include "cli/suite.h"
#include "cli/whole_file.h"

namespace notifyspec::cli {

std::expected<std::vector<verdict::Requirement>, std::string> read_requirements(const std::string& path) {
  std::string text(built_in_requirements());
  if (!path.empty()) {
    auto read = read_whole(path);
    if (!read) return std::unexpected(read.error());
    text = *std::move(read);
  }
  auto table = verdict::parse_requirements(text);
  if (!table)
    return std::unexpected(fmt::format("{}: {}", path.empty() ? "requirements" : path, table.error().reason));
  return *std::move(table);
}

}  // namespace notifyspec::cli
