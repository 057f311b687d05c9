#include "receiver/tag.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/assignment.h"

namespace notifyspec::receiver {
namespace {

/// `line`, classified where it stands among other bytes, as in a buffer that was used before.
Tagged classify_among(std::string_view line, std::string_view behind, std::string& room) {
  room = std::string(line) + std::string(behind);
  room.resize(line.size() + kPadding, '=');
  return classify(std::string_view(room).substr(0, line.size()));
}

/// The reference: field::find() of what wire splits.
Tagged plainly(std::string_view line) {
  const wire::Assignment assignment = wire::read_assignment(line, 0);
  const field::Field* const field = assignment.assigned ? field::find(assignment.name) : nullptr;
  if (field == nullptr) return {};
  return {static_cast<Tag>(field - field::fields().data()), assignment.value};
}

void expect_as_plainly(std::string_view line) {
  std::string room;
  for (const std::string_view behind : {"", "=", "=1", "READY=1", "\nREADY=1\n", "Y=1"}) {
    const Tagged tagged = classify_among(line, behind, room);
    EXPECT_EQ(tagged.tag, plainly(line).tag) << line << " before " << behind;
    EXPECT_EQ(tagged.value, plainly(line).value) << line << " before " << behind;
  }
}

TEST(Tag, EveryFieldHasItsOwnInTheOrderOfTheTable) {
  ASSERT_EQ(field::fields().size(), static_cast<std::size_t>(Tag::kUnknown));
  EXPECT_EQ(field_of(Tag::kReady).name, "READY");
  EXPECT_EQ(field_of(Tag::kMonotonicUsec).name, "MONOTONIC_USEC");
  EXPECT_EQ(field_of(Tag::kMainPidFdId).name, "MAINPIDFDID");
  EXPECT_EQ(field_of(Tag::kExtendTimeoutUsec).name, "EXTEND_TIMEOUT_USEC");
  EXPECT_EQ(field_of(Tag::kFdPoll).name, "FDPOLL");
  EXPECT_EQ(field_of(Tag::kHostname).name, "X_SYSTEMD_HOSTNAME");
  EXPECT_EQ(field_of(Tag::kRebootParameter).name, "X_SYSTEMD_REBOOT_PARAMETER");
  std::string room;
  for (const field::Field& field : field::fields())
    EXPECT_EQ(&field_of(classify_among(std::string(field.name) + "=x", "", room).tag), &field);
}

TEST(Tag, IsWhatTheReferenceFindsForNamesThatAreNearlyOnes) {
  for (const field::Field& field : field::fields()) {
    const std::string name(field.name);
    std::vector<std::string> near = {name,        name + "=",   name + "=1",
                                     name + "==", name + "X=1", "X" + name + "=1"};
    for (std::size_t i = 0; i < name.size(); ++i) {
      near.push_back(name.substr(0, i) + "=1");
      near.push_back(name.substr(i) + "=1");
      std::string changed = name + "=1";
      changed[i] = static_cast<char>(changed[i] ^ 0x20);
      near.push_back(changed);
    }
    for (const std::string& line : near) expect_as_plainly(line);
  }
}

TEST(Tag, OfALineWithoutAnAssignmentIsUnknown) {
  for (const std::string_view line : {"", "=", "=1", "READY", "ABC=1", "\xFF\xFE=1"}) expect_as_plainly(line);
  expect_as_plainly(std::string(40, 'A') + "=1");
  expect_as_plainly("X_SYSTEMD_REBOOT_PARAMETER" + std::string(5, 'R') + "=1");
}

}  // namespace
}  // namespace notifyspec::receiver
