#include "cli/traceability.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace notifyspec::cli {
namespace {

using Row = nlohmann::ordered_json;

/// "  bugs       12: a b c, and 9 more".
std::string list_line(std::string_view what, const Row& names) {
  constexpr std::size_t kShown = 4;
  std::string line = fmt::format("    {:<9} {:>3}", what, names.size());
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
    line += fmt::format("{} {}", i == 0 ? ":" : ",", names[i].get<std::string>());
  if (names.size() > kShown) line += fmt::format(", and {} more", names.size() - kShown);
  return line + '\n';
}

}  // namespace

void add_proofs(std::vector<Row>& rows, const std::map<std::string, Proof>& proofs) {
  for (Row& row : rows) {
    const auto found = proofs.find(row["id"].get<std::string>());
    const Proof proof = found == proofs.end() ? Proof{} : found->second;
    row["vectors"] = proof.vectors;
    row["bugs"] = proof.bugs;
  }
}

std::string traceability_text(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    text += fmt::format("{} ({})\n    {}\n", row["id"].get<std::string>(), row["level"].get<std::string>(),
                        row["text"].get<std::string>());
    const bool by_vectors = row["by"] == "vectors";
    text += list_line(by_vectors ? "vectors" : "scenarios", by_vectors ? row["vectors"] : row["cases"]);
    text += list_line("bugs", row["bugs"]);
  }
  return text;
}

}  // namespace notifyspec::cli
