#include "verdict/receiver_rules.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kEach = "receiver.vsock-accepts-each-message";
constexpr const char* kSegments = "receiver.vsock-joins-stream-segments";
constexpr const char* kStalled = "receiver.vsock-stalled-peer-does-not-block";
constexpr const char* kPort = "receiver.vsock-unprivileged-port-distrusted";

JudgedMachine each(std::initializer_list<const char*> sequence) {
  JudgedMachine machine;
  for (const char* number : sequence)
    machine.examines("each", std::string("X_NOTIFYSPEC_SEQUENCE=") + number);
  machine.says_of("each sent 3");
  return machine;
}

TEST(AcceptsEachMessage, CountsEachOnceInAnyOrder) {
  EXPECT_EQ(each({"2", "0", "1"}).verdict(kEach), Verdict::kPass);
  EXPECT_EQ(each({"2", "0"}).verdict(kEach), Verdict::kFail);
  EXPECT_EQ(each({"2", "0", "1", "1"}).verdict(kEach), Verdict::kFail);
  EXPECT_EQ(JudgedMachine().verdict(kEach), Verdict::kSkip);
}

TEST(AcceptsEachMessage, TakesARefusalForAFaultUnlessTheTypeIsNotOffered) {
  JudgedMachine refused;
  EXPECT_EQ(refused.says_of("each failed connect ECONNRESET").verdict(kEach), Verdict::kFail);
  JudgedMachine without("vsock-stream:2:9000", "stream");
  EXPECT_EQ(without.says_of("each failed connect ESOCKTNOSUPPORT").verdict(kEach), Verdict::kSkip);
  JudgedMachine with;
  EXPECT_EQ(with.says_of("each failed connect ESOCKTNOSUPPORT").verdict(kEach), Verdict::kFail);
}

TEST(JoinsSegments, WantsOneMessageOfAllParts) {
  const auto arrive = [](std::initializer_list<const char*> messages) {
    JudgedMachine machine;
    for (const char* rest : messages) machine.examines("segments", rest, "stream");
    return machine.says_of("segments sent").verdict(kSegments);
  };
  EXPECT_EQ(arrive({"X_NOTIFYSPEC_PART=1\nX_NOTIFYSPEC_PART=2\n"}), Verdict::kPass);
  EXPECT_EQ(arrive({""}), Verdict::kFail);
  EXPECT_EQ(arrive({"X_NOTIFYSPEC_PART=1\n"}), Verdict::kFail);
  EXPECT_EQ(arrive({}), Verdict::kFail);
  EXPECT_EQ(JudgedMachine().verdict(kSegments), Verdict::kSkip);
}

TEST(StalledPeerBlocksNobody, IsWhatTheOtherPeerSays) {
  const auto other = [](const char* answer) { return JudgedMachine().says_of(answer).verdict(kStalled); };
  EXPECT_EQ(other("stalled served"), Verdict::kPass);
  EXPECT_EQ(other("stalled blocked"), Verdict::kFail);
  EXPECT_EQ(other("stalled failed connect ECONNRESET"), Verdict::kFail);
  EXPECT_EQ(JudgedMachine().verdict(kStalled), Verdict::kSkip);
}

TEST(DistrustsUnprivilegedPort, WaitsForTheManagersOwnWord) {
  JudgedMachine good;
  good.examines("unprivileged", "READY=1").hears("READY=1").is_ready();
  EXPECT_EQ(good.verdict(kPort), Verdict::kPass);
  JudgedMachine bad;
  bad.examines("unprivileged", "READY=1").is_ready();
  bad.hears("READY=1");
  EXPECT_EQ(bad.verdict(kPort), Verdict::kFail);
}

TEST(DistrustsUnprivilegedPort, SaysNothingWhereThereWasNothingToBelieve) {
  JudgedMachine late;
  late.hears("READY=1").is_ready();
  EXPECT_EQ(late.examines("unprivileged", "READY=1").verdict(kPort), Verdict::kSkip);
  JudgedMachine other;
  other.examines("unprivileged", "STATUS=READY=1").is_ready();
  EXPECT_EQ(other.verdict(kPort), Verdict::kSkip);
}

}  // namespace
}  // namespace notifyspec::verdict
