// `notifyspec list`: the requirements, fields and signals that the suite knows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/subcommands.h"
#include "cli/suite.h"
#include "field/field.h"
#include "model/signal.h"
#include "verdict/requirement.h"

namespace notifyspec::cli {
namespace {

using Row = nlohmann::ordered_json;

std::vector<Row> requirement_rows() {
  std::vector<Row> rows;
  const auto requirements = verdict::parse_requirements(built_in_requirements()).value();
  for (const verdict::Requirement& each : requirements) {
    Row source{{"document", each.source.document}, {"section", each.source.section}};
    if (!each.source.item.empty()) source["item"] = each.source.item;
    source["version"] = each.source.version;
    rows.push_back({{"id", each.id},
                    {"role", each.role},
                    {"vantages", each.vantages},
                    {"level", name(each.level)},
                    {"since", each.since},
                    {"source", source},
                    {"text", each.text},
                    {"entails", each.entails},
                    {"cases", each.cases}});
  }
  return rows;
}

std::vector<Row> field_rows() {
  std::vector<Row> rows;
  for (const field::Field& each : field::fields())
    rows.push_back({{"name", each.name},
                    {"type", name(each.type)},
                    {"direction", name(each.direction)},
                    {"since", each.since},
                    {"source", each.source},
                    {"meaning", each.meaning}});
  return rows;
}

std::vector<Row> signal_rows() {
  std::vector<Row> rows;
  for (const model::SignalEffect& each : model::signal_effects())
    rows.push_back({{"manager", name(each.manager)},
                    {"signal", each.signal},
                    {"since", each.since},
                    {"effect", name(each.kind)},
                    {"detail", each.detail},
                    {"where", each.where}});
  return rows;
}

/// The columns of the text form; a member that is left out there is in the JSON lines.
struct Listing {
  std::vector<Row> (*rows)();
  std::vector<std::string> columns;
};

const std::map<std::string, Listing>& listings() {
  static const std::map<std::string, Listing> table = {
      {"requirements", {requirement_rows, {"level", "since", "id", "text"}}},
      {"fields", {field_rows, {"name", "type", "direction", "since", "meaning"}}},
      {"signals", {signal_rows, {"manager", "signal", "since", "effect", "detail", "where"}}},
  };
  return table;
}

std::string cell(const Row& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void print_table(const std::vector<Row>& rows, const std::vector<std::string>& columns) {
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
    fmt::print("{}\n", line);
  }
}

struct Options {
  std::string what;
  std::string format = "text";
};

}  // namespace

void add_list(CLI::App& app, ExitCode& code) {
  auto options = std::make_shared<Options>();
  CLI::App* list =
      app.add_subcommand("list", "List the requirements, fields or signals that the suite knows");
  list->add_option("WHAT", options->what, "requirements, fields or signals")
      ->required()
      ->check(CLI::IsMember({"requirements", "fields", "signals"}));
  list->add_option("--format", options->format, "text or jsonl")
      ->check(CLI::IsMember({"text", "jsonl"}))
      ->capture_default_str();
  list->callback([options, &code] {
    const Listing& listing = listings().at(options->what);
    const std::vector<Row> rows = listing.rows();
    if (options->format == "text") {
      print_table(rows, listing.columns);
    } else {
      for (const Row& row : rows) fmt::print("{}\n", row.dump());
    }
    code = ExitCode::kConforms;
  });
}

}  // namespace notifyspec::cli
