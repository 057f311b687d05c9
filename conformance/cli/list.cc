// `notifyspec list`: the requirements, fields, signals, planted bugs and vectors that the suite knows; and
// its own command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <expected>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/complaint.h"
#include "cli/planted/bug.h"
#include "cli/proof.h"
#include "cli/requirements_file.h"
#include "cli/subcommands.h"
#include "cli/suite.h"
#include "cli/table.h"
#include "cli/traceability.h"
#include "cli/vector_folder.h"
#include "field/field.h"
#include "model/signal.h"
#include "os/byte_stream.h"
#include "verdict/requirement.h"

namespace notifyspec::cli {
namespace {

using Row = nlohmann::ordered_json;

Row requirement_row(const verdict::Requirement& each) {
  Row source{{"document", each.source.document}, {"section", each.source.section}};
  if (!each.source.item.empty()) source["item"] = each.source.item;
  source["version"] = each.source.version;
  return {{"id", each.id},
          {"role", each.role},
          {"vantages", each.vantages},
          {"transports", each.transports},
          {"level", name(each.level)},
          {"since", each.since},
          {"source", source},
          {"text", each.text},
          {"entails", each.entails},
          {"cases", each.cases},
          {"by", each.by_vectors ? "vectors"
                 : each.by_pairs ? "pairs"
                                 : "traces"}};
}

/// `cited`, as in the text form: behind the sentence, where it stands.
std::vector<Row> rows_of_requirements(bool cited) {
  std::vector<Row> rows;
  const auto requirements = verdict::parse_requirements(built_in_requirements()).value();
  rows.reserve(requirements.size());
  for (const verdict::Requirement& each : requirements) {
    rows.push_back(requirement_row(each));
    if (cited) rows.back()["text"] = fmt::format("{} [{}]", each.text, words(each.source));
  }
  return rows;
}

std::vector<Row> requirement_rows() {
  return rows_of_requirements(false);
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

std::vector<Row> vector_rows(const std::vector<verdict::Vector>& vectors) {
  std::vector<Row> rows;
  for (const verdict::Vector& each : vectors) {
    Row row{{"id", each.id}, {"role", each.role}, {"level", name(each.level)}};
    row["requirements"] = each.requirements;
    std::vector<std::string> confirmed;
    confirmed.reserve(each.systemd.size());
    for (const auto& [version, conclusion] : each.systemd) confirmed.push_back(std::to_string(version));
    row["confirmed"] = confirmed;
    row["steps"] = each.steps.size();
    row["note"] = each.note;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> bug_rows() {
  std::vector<Row> rows;
  for (const PlantedBug& each : planted_bugs())
    rows.push_back({{"role", each.role}, {"name", each.name}, {"what", each.what}});
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
      {"bugs", {bug_rows, {"role", "name", "what"}}},
      {"signals", {signal_rows, {"manager", "signal", "since", "effect", "detail", "where"}}},
  };
  return table;
}

const std::vector<std::string> kVectorColumns = {"level", "id", "note"};
const std::vector<std::string> kCommandColumns = {"command", "kind", "names", "argument", "meaning"};

struct Options {
  std::string what;
  std::string format = "text";
  std::vector<std::string> vectors;
  std::string requirements;
  std::string kills;
  const CLI::App* app = nullptr;
};

/// The rows of what is not built in, but in files.
std::expected<std::vector<Row>, std::string> rows_of_vectors(const Options& options) {
  if (options.vectors.empty()) return std::unexpected("list vectors: which? Say --vectors DIR");
  const auto requirements = read_requirements(options.requirements);
  if (!requirements) return std::unexpected(requirements.error());
  const auto vectors = read_vectors(options.vectors, *requirements);
  if (!vectors) return std::unexpected(vectors.error());
  return vector_rows(*vectors);
}

/// The rows of requirements, with what proves them.
std::expected<std::vector<Row>, std::string> rows_of_proofs(const Options& options) {
  if (options.vectors.empty()) return std::unexpected("--kills tells of vectors: which? Say --vectors DIR");
  const auto requirements = read_requirements("");
  if (!requirements) return std::unexpected(requirements.error());
  const auto vectors = read_vectors(options.vectors, *requirements);
  if (!vectors) return std::unexpected(vectors.error());
  const auto proofs = read_proofs(options.kills, *requirements, *vectors);
  if (!proofs) return std::unexpected(proofs.error());
  std::vector<Row> rows = requirement_rows();
  add_proofs(rows, *proofs);
  return rows;
}

ExitCode run(const Options& options) {
  std::vector<Row> rows;
  std::vector<std::string> columns = kVectorColumns;
  const bool traced = options.what == "requirements" && !options.kills.empty();
  if (traced) {
    auto read = rows_of_proofs(options);
    if (!read) return complain(ExitCode::kUsage, read.error());
    rows = *std::move(read);
  } else if (options.what == "vectors") {
    auto read = rows_of_vectors(options);
    if (!read) return complain(ExitCode::kUsage, read.error());
    rows = *std::move(read);
  } else if (options.what == "options") {
    rows = command_line_rows(*options.app);
    columns = kCommandColumns;
  } else {
    const Listing& listing = listings().at(options.what);
    const bool cited = options.what == "requirements" && options.format == "text";
    rows = cited ? rows_of_requirements(true) : listing.rows();
    columns = listing.columns;
  }
  std::string text;
  if (options.format == "text") text = traced ? traceability_text(rows) : text_table(rows, columns);
  if (options.format == "markdown") text = markdown_table(rows);
  if (options.format == "jsonl")
    for (const Row& row : rows) text += row.dump() + '\n';
  const auto said = os::ByteSink::standard_output().write(text);
  return said ? ExitCode::kConforms : complain(ExitCode::kEnvironment, said.error().reason);
}

}  // namespace

void add_list(CLI::App& app, ExitCode& code) {
  auto options = std::make_shared<Options>();
  options->app = &app;
  CLI::App* list = app.add_subcommand(
      "list", "List the requirements, fields, signals, bugs or vectors that the suite knows, or its options");
  list->add_option("WHAT", options->what,
                   "requirements, fields, signals, vectors, planted bugs, or the options of this tool")
      ->required()
      ->check(CLI::IsMember({"requirements", "fields", "signals", "bugs", "vectors", "options"}));
  list->add_option("--format", options->format, "text, jsonl, or markdown for documents")
      ->check(CLI::IsMember({"text", "jsonl", "markdown"}))
      ->capture_default_str();
  list->add_option("--vectors", options->vectors, "Folder of vectors, for `list vectors` and --kills")
      ->allow_extra_args(false);
  list->add_option("--requirements", options->requirements,
                   "A table in place of the one that is built in, for `list vectors`");
  list->add_option(
      "--kills", options->kills,
      "fixtures/kills.jsonl, for `list requirements`: each with its cases and the bugs that prove it");
  list->callback([options, &code] { code = run(*options); });
}

}  // namespace notifyspec::cli
