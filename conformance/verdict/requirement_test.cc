#include "verdict/requirement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "verdict/rule_table.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kGood = R"toml(
[[requirement]]
id = "a.b"
role = "manager"
vantages = ["container"]
level = "should"
since = 256
source = { document = "systemd(1)", section = "Signals", version = "262" }
text = "It does."
entails = ["a.b"]
cases = ["halt"]
)toml";

/// kGood with its one occurrence of `from` made `to`.
std::string with(std::string_view from, std::string_view to) {
  std::string text = kGood;
  return text.replace(text.find(from), from.size(), to);
}

TEST(Requirements, AreReadWhole) {
  const auto read = parse_requirements(kGood);
  ASSERT_TRUE(read) << read.error().reason;
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->front().id, "a.b");
  EXPECT_EQ(read->front().level, Level::kShould);
  EXPECT_EQ(read->front().since, 256);
  EXPECT_EQ(read->front().source.section, "Signals");
  EXPECT_EQ(read->front().cases, std::vector<std::string>{"halt"});
}

TEST(Requirements, MayBeJudgedByVectorsInsteadOfTraces) {
  EXPECT_FALSE(parse_requirements(kGood)->front().by_vectors);
  EXPECT_TRUE(parse_requirements(with("cases = [\"halt\"]", "by = \"vectors\""))->front().by_vectors);
}

TEST(Requirements, HaveToDoWithTheirTransportsOrWithAll) {
  EXPECT_TRUE(parse_requirements(kGood)->front().has_to_do_with("unix-dgram"));
  const auto bound = parse_requirements(with("level", "transports = [\"vsock-stream\"]\nlevel"));
  EXPECT_TRUE(bound->front().has_to_do_with("vsock-stream"));
  EXPECT_FALSE(bound->front().has_to_do_with("unix-dgram"));
}

TEST(Requirements, AreRefusedWithLineAndName) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {with("text = ", "sentence = "), "unknown key \"sentence\""},
      {with("\"should\"", "\"may\""), "level \"may\""},
      {with("since = 256", "since = \"256\""), "no integer \"since\""},
      {with("[\"a.b\"]", "[\"a.c\"]"), "entails \"a.c\""},
      {with("section = \"Signals\", ", ""), "no \"section\""},
      {with("\"manager\"", "\"herald\""), "role \"herald\""},
      {with("level", "by = \"hearsay\"\nlevel"), "by \"hearsay\""},
      {with("level", "by = \"pairs\"\nlevel"), "a proxy, and nothing else"},
      {with("level", "by = \"vectors\"\nlevel"), "vectors name their requirements"},
      {with("[\"container\"]", "[3]"), "holds something that is no string"},
      {std::string(kGood) + kGood, "stands twice"},
      {with("id = \"a.b\"", "id = \"a.b"), "line "},
      {"", "no [[requirement]]"},
  };
  for (const auto& [toml, expected] : table) {
    const auto read = parse_requirements(toml);
    ASSERT_FALSE(read) << toml;
    EXPECT_NE(read.error().reason.find(expected), std::string::npos) << read.error().reason;
  }
}

std::vector<Requirement> suite() {
  std::ifstream file(NOTIFYSPEC_REQUIREMENTS);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_requirements(text.str()).value();
}

TEST(Suite, HasARuleForEachRequirementOfTracesAndARequirementForEachRule) {
  const auto requirements = suite();
  for (const Requirement& requirement : requirements)
    EXPECT_EQ(find_rule(requirement.id) == nullptr, requirement.by_vectors || requirement.by_pairs)
        << requirement.id;
  for (const RuleRow& row : rule_table())
    EXPECT_NE(std::ranges::find(requirements, row.requirement, &Requirement::id), requirements.end())
        << row.requirement;
}

TEST(Suite, NamesForEachRequirementOfTracesAVantageAndACase) {
  for (const Requirement& requirement : suite()) {
    if (requirement.by_vectors || requirement.by_pairs) continue;
    EXPECT_FALSE(requirement.vantages.empty()) << requirement.id;
    EXPECT_FALSE(requirement.cases.empty()) << requirement.id;
  }
}

TEST(Suite, EntailsNothingOfAHigherLevel) {
  const auto requirements = suite();
  for (const Requirement& requirement : requirements)
    for (const std::string& id : requirement.entails)
      EXPECT_LE(requirement.level, std::ranges::find(requirements, id, &Requirement::id)->level)
          << requirement.id;
}

}  // namespace
}  // namespace notifyspec::verdict
