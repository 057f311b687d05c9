// `notifyspec list`: the requirements, fields and signals that the suite knows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/subcommands.h"
#include "cli/suite.h"
#include "field/field.h"
#include "model/signal.h"
#include "os/byte_stream.h"
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
                    {"transports", each.transports},
                    {"level", name(each.level)},
                    {"since", each.since},
                    {"source", source},
                    {"text", each.text},
                    {"entails", each.entails},
                    {"cases", each.cases},
                    {"by", each.by_vectors ? "vectors" : "traces"}});
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
      {"requirements", {requirement_rows, {"role", "level", "since", "id", "text"}}},
      {"fields", {field_rows, {"name", "type", "direction", "since", "meaning"}}},
      {"signals", {signal_rows, {"manager", "signal", "since", "effect", "detail", "where"}}},
  };
  return table;
}

std::string cell(const Row& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string table(const std::vector<Row>& rows, const std::vector<std::string>& columns) {
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
    std::string text;
    if (options->format == "text") {
      text = table(rows, listing.columns);
    } else {
      for (const Row& row : rows) text += row.dump() + '\n';
    }
    const auto said = os::ByteSink::standard_output().write(text);
    code = said ? ExitCode::kConforms : complain(ExitCode::kEnvironment, said.error().reason);
  });
}

}  // namespace notifyspec::cli
