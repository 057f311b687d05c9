#include "model/line_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::model {
namespace {

using Lines = std::vector<std::string>;

const Profile kDocumented = find_profile("documented").value();
const Profile kSystemd = find_profile("systemd-262").value();

Lines lines_of(std::string_view payload, const Profile& profile) {
  LineReader reader(payload, profile);
  Lines lines;
  wire::Assignment line;
  if (reader.is_broken()) {
    EXPECT_FALSE(reader.next(line));
    return {"broken"};
  }
  while (reader.next(line)) lines.emplace_back(line.line);
  EXPECT_FALSE(reader.next(line));
  return lines;
}

struct Row {
  std::string payload;
  Lines documented, systemd;
};

TEST(LineReader, SplitsAsTheProfileDoes) {
  const std::vector<Row> table = {
      {"", {}, {}},
      {"\n\n", {}, {}},
      {"\r", {"\r"}, {}},
      {"a=1", {"a=1"}, {"a=1"}},
      {"a=1\n", {"a=1"}, {"a=1"}},
      {"\n\na\n\nb\n", {"a", "b"}, {"a", "b"}},
      {"a\rb\r\nc", {"a\rb\r", "c"}, {"a", "b", "c"}},
      {"a\\b", {"a\\b"}, {"ab"}},
      {"a\\\\b", {"a\\\\b"}, {"a\\b"}},
      {"a\\\nb\nc", {"a\\", "b", "c"}, {"a\nb", "c"}},
      {"a\\\rb", {"a\\\rb"}, {"a\rb"}},
      {"a\\", {"a\\"}, {"broken"}},
      {"a\\\\", {"a\\\\"}, {"a\\"}},
      {"\\", {"\\"}, {"broken"}},
      {"\\\\\\", {"\\\\\\"}, {"broken"}},
      {"a\n\\\nb", {"a", "\\", "b"}, {"a", "\nb"}},
      {"'a\nb'", {"'a", "b'"}, {"'a", "b'"}},
  };
  for (const Row& row : table) {
    EXPECT_EQ(lines_of(row.payload, kDocumented), row.documented) << row.payload;
    EXPECT_EQ(lines_of(row.payload, kSystemd), row.systemd) << row.payload;
  }
}

TEST(LineReader, HasRoomForAsMuchAsSystemdTakes) {
  const std::string most = "a\\b" + std::string(4096 - 3, 'c');
  EXPECT_EQ(lines_of(most, kSystemd), (Lines{"ab" + std::string(4096 - 3, 'c')}));
  EXPECT_EQ(lines_of(most + "c", kSystemd), Lines{"broken"});
}

TEST(LineReader, GivesNamesAndValuesThatStayValid) {
  const std::string payload = "A=1\\2\nB=3\\4";
  LineReader reader(payload, kSystemd);
  wire::Assignment first, second;
  ASSERT_TRUE(reader.next(first));
  ASSERT_TRUE(reader.next(second));
  EXPECT_EQ(first.name, "A");
  EXPECT_EQ(first.value, "12");
  EXPECT_EQ(second.value, "34");
  EXPECT_EQ(second.offset, 6U);
}

}  // namespace
}  // namespace notifyspec::model
