#include "verdict/outcome.h"

#include <gtest/gtest.h>

namespace notifyspec::verdict {
namespace {

TEST(OutcomeHeader, IsReadOrRefusedByMember) {
  const auto read = parse_outcome_header(
      R"({"format": 1, "implementation": "systemd", "version": "262-1", "role": "receiver", "date": "2026-01-02"})");
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->implementation, "systemd");
  EXPECT_EQ(read->version, "262-1");
  EXPECT_EQ(read->role, "receiver");
  EXPECT_EQ(read->date, "2026-01-02");
  EXPECT_TRUE(parse_outcome_header(R"({"format": 2})").error().reason.starts_with("format: "));
  EXPECT_TRUE(parse_outcome_header(
                  R"({"format": 1, "implementation": "a", "version": "1", "role": "proxy", "date": ""})")
                  .error()
                  .reason.starts_with("role: "));
}

TEST(Outcome, IsReadWhole) {
  const auto seen = parse_outcome(
      R"({"vector": "receiver/a/b", "outcome": "concluded", "conclusion": {"errno": "4"}, "unobserved": ["fd_names"]})",
      "receiver");
  ASSERT_TRUE(seen) << seen.error().reason;
  EXPECT_EQ(seen->conclusion.members.at("errno"), "4");
  EXPECT_EQ(seen->unobserved, std::vector<std::string>{"fd_names"});
  for (const OutcomeKind kind :
       {OutcomeKind::kUnsupported, OutcomeKind::kCrash, OutcomeKind::kHang, OutcomeKind::kNonsense}) {
    const std::string line =
        R"({"vector": "a", "reason": "so", "outcome": ")" + std::string(name(kind)) + "\"}";
    const auto read = parse_outcome(line, "receiver");
    ASSERT_TRUE(read) << read.error().reason;
    EXPECT_EQ(read->kind, kind);
    EXPECT_EQ(read->reason, "so");
  }
}

TEST(Outcome, IsRefusedByTheNameOfTheMember) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {R"({"outcome": "concluded", "conclusion": {}})", "vector: is missing"},
      {R"({"vector": "a", "outcome": "passed"})", "outcome: \"passed\""},
      {R"({"vector": "a", "outcome": "concluded"})", "conclusion: is missing"},
      {R"({"vector": "a", "outcome": "hang", "reason": "so", "conclusion": {}})", "conclusion: stands where"},
      {R"({"vector": "a", "outcome": "hang"})", "reason: is missing"},
      {R"({"vector": "a", "outcome": "concluded", "conclusion": {"returns": ["zero"]}})",
       "conclusion.returns: is no"},
      {R"({"vector": "a", "outcome": "concluded", "conclusion": {}, "verdict": "pass"})",
       "verdict: is no member"},
  };
  for (const auto& [line, expected] : table) {
    const auto read = parse_outcome(line, "receiver");
    ASSERT_FALSE(read) << line;
    EXPECT_TRUE(read.error().reason.starts_with(expected)) << read.error().reason;
  }
}

}  // namespace
}  // namespace notifyspec::verdict
