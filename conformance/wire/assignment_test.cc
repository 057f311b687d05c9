#include "wire/assignment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::wire {
namespace {

std::vector<Assignment> lines_of(std::string_view payload) {
  std::vector<Assignment> lines;
  for (const Assignment& line : split_assignments(payload)) lines.push_back(line);
  return lines;
}

Assignment assigned(std::size_t offset, std::string_view line, std::string_view name,
                    std::string_view value) {
  return {.offset = offset, .line = line, .name = name, .value = value, .assigned = true};
}

Assignment bare(std::size_t offset, std::string_view line) {
  return {.offset = offset, .line = line, .name = line, .value = {}, .assigned = false};
}

TEST(Assignments, LinesAreSplitWithTheirOffsets) {
  struct Case {
    std::string_view payload;
    std::vector<Assignment> lines;
  };
  const std::vector<Case> cases = {
      {"", {}},
      {"READY=1", {assigned(0, "READY=1", "READY", "1")}},
      {"READY=1\n", {assigned(0, "READY=1", "READY", "1")}},
      {"READY=1\nSTATUS=up",
       {assigned(0, "READY=1", "READY", "1"), assigned(8, "STATUS=up", "STATUS", "up")}},
      {"\n", {bare(0, "")}},
      {"\n\nREADY=1", {bare(0, ""), bare(1, ""), assigned(2, "READY=1", "READY", "1")}},
      {"READY=1\n\n", {assigned(0, "READY=1", "READY", "1"), bare(8, "")}},
      {"READY", {bare(0, "READY")}},
      {"=x", {assigned(0, "=x", "", "x")}},
      {"=", {assigned(0, "=", "", "")}},
      {"STATUS=", {assigned(0, "STATUS=", "STATUS", "")}},
      {"STATUS=a=b", {assigned(0, "STATUS=a=b", "STATUS", "a=b")}},
  };
  for (const auto& [payload, lines] : cases) EXPECT_EQ(lines_of(payload), lines) << payload;
}

TEST(Assignments, NothingIsTrimmedOrUnescaped) {
  for (const std::string_view line :
       {" READY=1", "READY =1", "READY=1 ", "STATUS=a\\nb", "STATUS=\"a\"", "STATUS=a\rb"}) {
    const auto lines = lines_of(line);
    ASSERT_EQ(lines.size(), 1U) << line;
    EXPECT_EQ(lines[0].line, line);
    EXPECT_EQ(std::string(lines[0].name) + '=' + std::string(lines[0].value), line);
  }
}

TEST(Assignments, LinesJoinedGiveThePayloadBack) {
  // Every payload of up to six bytes over the bytes that matter.
  const std::string alphabet = {'\n', '=', 'a', '\0'};
  std::vector<std::string> payloads = {""};
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    if (payloads[i].size() == 6) break;
    for (const char byte : alphabet) payloads.push_back(payloads[i] + byte);
  }
  for (const std::string& payload : payloads) {
    std::string joined;
    for (const Assignment& line : split_assignments(payload)) {
      EXPECT_EQ(line.offset, joined.size()) << testing::PrintToString(payload);
      joined.append(line.line).push_back('\n');
    }
    if (!payload.ends_with('\n') && !joined.empty()) joined.pop_back();
    EXPECT_EQ(joined, payload) << testing::PrintToString(payload);
  }
}

}  // namespace
}  // namespace notifyspec::wire
