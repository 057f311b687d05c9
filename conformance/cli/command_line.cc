#include "cli/command_line.h"

#include <string>

namespace notifyspec::cli {
namespace {

using Row = nlohmann::ordered_json;

/// "TEXT:{text,jsonl}" is what CLI11 makes of a type and its check: the words that may stand there, and what
/// it is.
std::vector<std::string> choices(const std::string& type) {
  std::vector<std::string> out;
  const auto begin = type.find(":{");
  if (begin == std::string::npos || !type.ends_with('}')) return out;
  std::string word;
  for (const char each : type.substr(begin + 2)) {
    if (each != ',' && each != '}') {
      word += each;
      continue;
    }
    out.push_back(word);
    word.clear();
  }
  return out;
}

Row option_row(const std::string& command, const CLI::Option& option) {
  const std::string type = option.get_type_name();
  Row names = Row::array();
  for (const std::string& each : option.get_snames()) names.push_back('-' + each);
  for (const std::string& each : option.get_lnames()) names.push_back("--" + each);
  const bool positional = names.empty();
  if (positional) names.push_back(option.get_name(true));
  return {{"command", command},
          {"kind", positional ? "positional" : "option"},
          {"names", names},
          {"argument", option.get_items_expected_max() == 0 ? "" : type.substr(0, type.find(':'))},
          {"choices", choices(type)},
          {"default", option.get_default_str()},
          {"required", option.get_required()},
          {"several", option.get_items_expected_max() > 1},  // at once: one behind the other
          {"meaning", option.get_description()}};
}

void add_rows(std::vector<Row>& rows, const CLI::App& app, const std::string& name) {
  const CLI::App* const above = app.get_parent();
  const bool inherited = above != nullptr && above->get_footer() == app.get_footer();
  rows.push_back({{"command", name},
                  {"kind", "command"},
                  {"meaning", app.get_description()},
                  {"more", inherited ? "" : app.get_footer()}});
  for (const CLI::Option* each : app.get_options()) rows.push_back(option_row(name, *each));
}

}  // namespace

std::vector<Row> command_line_rows(const CLI::App& app) {
  std::vector<Row> rows;
  add_rows(rows, app, "");
  const auto all = [](const CLI::App*) { return true; };
  for (const CLI::App* each : app.get_subcommands(all)) add_rows(rows, *each, each->get_name());
  return rows;
}

}  // namespace notifyspec::cli
