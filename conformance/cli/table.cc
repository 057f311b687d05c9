#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace notifyspec::cli {
namespace {

using Row = nlohmann::ordered_json;

std::string cell(const Row& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

std::string text_table(const std::vector<Row>& rows, const std::vector<std::string>& columns) {
  std::string out;
  std::vector<std::size_t> widths;
  for (const std::string& column : columns) {
    std::size_t width = 0;
    for (const Row& row : rows) width = std::max(width, cell(row[column]).size());
    widths.push_back(width);
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i)
      line += fmt::format("{:<{}}  ", cell(row[columns[i]]), i + 1 < columns.size() ? widths[i] : 0);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string markdown_table(const std::vector<Row>& rows) {
  std::string out;
  const auto line = [&out](const Row& row, const auto& cell_of) {
    for (const auto& [name, value] : row.items())
      if (!value.is_structured()) out += fmt::format("| {} ", cell_of(name, value));
    out += "|\n";
  };
  if (rows.empty()) return out;
  line(rows.front(), [](const std::string& name, const Row&) { return name; });
  line(rows.front(), [](const std::string&, const Row&) { return std::string("---"); });
  for (const Row& row : rows)
    line(row, [](const std::string&, const Row& value) {
      std::string text = cell(value);
      for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
        text.insert(at, 1, '\\');
      return text;
    });
  return out;
}

}  // namespace notifyspec::cli
