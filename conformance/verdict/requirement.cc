#include "verdict/requirement.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace notifyspec::verdict {
namespace {

/// Thrown within this file only; parse_requirements() is the one boundary where it becomes a value.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse(const toml::node& at, const std::string& reason) {
  throw Refused(fmt::format("line {}: {}", at.source().begin.line, reason));
}

void allow_only(const toml::table& table, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, node] : table)
    if (std::ranges::find(keys, key.str()) == keys.end())
      refuse(node, fmt::format("unknown key \"{}\"", key.str()));
}

std::string text(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) refuse(table, fmt::format("no \"{}\"", key));
  const auto value = node->value_exact<std::string>();
  if (!value) refuse(*node, fmt::format("\"{}\" is no string", key));
  return *value;
}

std::string optional_text(const toml::table& table, std::string_view key) {
  return table.contains(key) ? text(table, key) : std::string();
}

std::vector<std::string> texts(const toml::table& table, std::string_view key) {
  std::vector<std::string> out;
  const toml::node* node = table.get(key);
  if (node == nullptr) return out;
  if (!node->is_array()) refuse(*node, fmt::format("\"{}\" is no array", key));
  for (const toml::node& element : *node->as_array()) {
    const auto value = element.value_exact<std::string>();
    if (!value) refuse(element, fmt::format("\"{}\" holds something that is no string", key));
    out.push_back(*value);
  }
  return out;
}

Level level(const toml::table& table) {
  const std::string word = text(table, "level");
  for (const Level each : {Level::kMust, Level::kShould, Level::kObserved})
    if (word == name(each)) return each;
  refuse(*table.get("level"), fmt::format("level \"{}\" is not must, should or observed", word));
}

std::string judged_by(const toml::table& table) {
  const std::string word = optional_text(table, "by");
  if (!word.empty() && word != "vectors" && word != "pairs")
    refuse(*table.get("by"), fmt::format("by \"{}\" is not vectors or pairs", word));
  return word;
}

Source source(const toml::table& table) {
  const toml::table* part = table["source"].as_table();
  if (part == nullptr) refuse(table, "no \"source\" table");
  allow_only(*part, {"document", "section", "item", "version"});
  return {text(*part, "document"), text(*part, "section"), optional_text(*part, "item"),
          text(*part, "version")};
}

Requirement requirement(const toml::table& table) {
  allow_only(table, {"id", "role", "vantages", "transports", "level", "since", "source", "text", "entails",
                     "cases", "by"});
  Requirement out;
  out.id = text(table, "id");
  out.role = text(table, "role");
  if (std::ranges::find(kRoles, out.role) == kRoles.end())
    refuse(*table.get("role"), fmt::format("role \"{}\" is none of this suite", out.role));
  out.vantages = texts(table, "vantages");
  out.transports = texts(table, "transports");
  out.level = level(table);
  const auto since = table["since"].value_exact<std::int64_t>();
  if (!since) refuse(table, "no integer \"since\"");
  out.since = static_cast<int>(*since);
  out.source = source(table);
  out.text = text(table, "text");
  out.entails = texts(table, "entails");
  out.cases = texts(table, "cases");
  out.by_vectors = judged_by(table) == "vectors";
  out.by_pairs = judged_by(table) == "pairs";
  if (out.by_pairs != (out.role == "proxy"))
    refuse(table, "a proxy, and nothing else, is judged by pairs of traces");
  if (out.by_vectors && table.contains("cases"))
    refuse(*table.get("cases"), "vectors name their requirements: they are its cases");
  return out;
}

std::vector<Requirement> requirements(const toml::table& root) {
  allow_only(root, {"requirement"});
  const toml::array* rows = root["requirement"].as_array();
  if (rows == nullptr) throw Refused("no [[requirement]]");
  std::vector<Requirement> out;
  std::set<std::string> ids;
  for (const toml::node& row : *rows) {
    if (!row.is_table()) refuse(row, "not a [[requirement]] table");
    out.push_back(requirement(*row.as_table()));
    if (!ids.insert(out.back().id).second) refuse(row, fmt::format("id \"{}\" stands twice", out.back().id));
  }
  for (const Requirement& each : out)
    for (const std::string& entailed : each.entails)
      if (!ids.contains(entailed))
        throw Refused(fmt::format("{} entails \"{}\", which is no id", each.id, entailed));
  return out;
}

}  // namespace

std::string_view name(Level level) {
  switch (level) {
    case Level::kMust:
      return "must";
    case Level::kShould:
      return "should";
    case Level::kObserved:
      return "observed";
  }
  return "unknown";
}

std::string words(const Source& source) {
  const std::string item = source.item.empty() ? "" : ", " + source.item;
  return fmt::format("{}, {}{} ({})", source.document, source.section, item, source.version);
}

bool Requirement::has_to_do_with(std::string_view transport) const {
  return transports.empty() || std::ranges::find(transports, transport) != transports.end();
}

std::expected<std::vector<Requirement>, RequirementError> parse_requirements(std::string_view toml) try {
  return requirements(toml::parse(toml));
} catch (const toml::parse_error& error) {
  return std::unexpected(
      RequirementError{fmt::format("line {}: {}", error.source().begin.line, error.description())});
} catch (const Refused& refused) {
  return std::unexpected(RequirementError{refused.what()});
}

}  // namespace notifyspec::verdict
