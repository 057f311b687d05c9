#include "cli/vector_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/whole_file.h"

namespace notifyspec::cli {
namespace {

namespace fs = std::filesystem;

std::expected<verdict::Vector, std::string> read(const fs::path& path, const std::string& id,
                                                 std::span<const verdict::Requirement> requirements) {
  const auto text = read_whole(path);
  if (!text) return std::unexpected(text.error());
  auto vector = verdict::parse_vector(id, *text, requirements);
  if (!vector) return std::unexpected(fmt::format("{}: {}", path.string(), vector.error().reason));
  return *std::move(vector);
}

std::expected<std::vector<fs::path>, std::string> files_in(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (auto each = fs::recursive_directory_iterator(folder, error);
       !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
    if (each->is_directory()) continue;
    if (each->path().extension() != ".json")
      return std::unexpected(
          fmt::format("{}: is no vector: its name does not end in .json", each->path().string()));
    files.push_back(each->path());
  }
  if (error) return std::unexpected(fmt::format("{}: {}", folder, error.message()));
  if (files.empty()) return std::unexpected(fmt::format("{}: holds no vector", folder));
  return files;
}

}  // namespace

std::expected<std::vector<verdict::Vector>, std::string> read_vectors(
    std::span<const std::string> folders, std::span<const verdict::Requirement> requirements) {
  std::vector<verdict::Vector> out;
  std::map<std::string, std::string> paths;
  for (const std::string& folder : folders) {
    const auto files = files_in(folder);
    if (!files) return std::unexpected(files.error());
    for (const fs::path& path : *files) {
      const std::string id = path.lexically_relative(folder).replace_extension().string();
      const auto [first, is_new] = paths.emplace(id, path.string());
      if (!is_new)
        return std::unexpected(fmt::format("{}: id \"{}\" is taken by {}", path.string(), id, first->second));
      auto vector = read(path, id, requirements);
      if (!vector) return std::unexpected(vector.error());
      out.push_back(*std::move(vector));
    }
  }
  std::ranges::sort(out, {}, &verdict::Vector::id);
  return out;
}

std::expected<verdict::Vector, std::string> read_vector(const std::string& path,
                                                        std::span<const verdict::Requirement> requirements) {
  const fs::path whole = fs::absolute(path).lexically_normal().replace_extension();
  const fs::path area = whole.parent_path();
  const fs::path id = area.parent_path().filename() / area.filename() / whole.filename();
  return read(path, id.string(), requirements);
}

}  // namespace notifyspec::cli
