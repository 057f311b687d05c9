#include "verdict/sender_rules.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kForced = "sender.vsock-type-forced";
constexpr const char* kSeqpacket = "sender.vsock-fallback-to-seqpacket";
constexpr const char* kStream = "sender.vsock-fallback-to-stream";
constexpr const char* kPort = "sender.vsock-privileged-port";
constexpr const char* kConnection = "sender.vsock-one-connection-per-message";

Verdict spoken_to(const char* id, const char* address, const char* offers, const char* type) {
  JudgedMachine machine(address, offers);
  if (type != nullptr) machine.boots_over(type);
  return machine.shows("booted", "multi-user.target").verdict(id);
}

TEST(TypeForced, AllowsTheForcedTypeAlone) {
  EXPECT_EQ(spoken_to(kForced, "vsock-stream:2:9000", "stream seqpacket", "stream"), Verdict::kPass);
  EXPECT_EQ(spoken_to(kForced, "vsock-stream:2:9000", "stream seqpacket", "seqpacket"), Verdict::kFail);
  EXPECT_EQ(spoken_to(kForced, "vsock-dgram:2:9000", "stream seqpacket", "seqpacket"), Verdict::kFail);
  EXPECT_EQ(spoken_to(kForced, "vsock:2:9000", "stream seqpacket", "seqpacket"), Verdict::kSkip);
}

TEST(TypeForced, IsMetBySilenceOnlyWhereTheDeviceDoesNotCarryTheType) {
  EXPECT_EQ(spoken_to(kForced, "vsock-dgram:2:9000", "stream seqpacket", nullptr), Verdict::kPass);
  EXPECT_EQ(spoken_to(kForced, "vsock-seqpacket:2:9000", "stream", nullptr), Verdict::kPass);
  EXPECT_EQ(spoken_to(kForced, "vsock-stream:2:9000", "stream", nullptr), Verdict::kSkip);
  EXPECT_EQ(JudgedMachine("vsock-dgram:2:9000").verdict(kForced), Verdict::kSkip);
}

TEST(FallsBackToSeqpacket, WantsItWhereTheDeviceOffersIt) {
  EXPECT_EQ(spoken_to(kSeqpacket, "vsock:2:9000", "stream seqpacket", "seqpacket"), Verdict::kPass);
  EXPECT_EQ(spoken_to(kSeqpacket, "vsock:2:9000", "stream seqpacket", "stream"), Verdict::kFail);
  EXPECT_EQ(spoken_to(kSeqpacket, "vsock:2:9000", "stream seqpacket", nullptr), Verdict::kFail);
  EXPECT_EQ(spoken_to(kSeqpacket, "vsock:2:9000", "stream", nullptr), Verdict::kSkip);
  EXPECT_EQ(spoken_to(kSeqpacket, "vsock-seqpacket:2:9000", "stream seqpacket", "seqpacket"), Verdict::kSkip);
}

TEST(FallbackEndsBeforeStream, SeesNothingOnADeviceWithStreamsAlone) {
  EXPECT_EQ(spoken_to(kStream, "vsock:2:9000", "stream", nullptr), Verdict::kPass);
  EXPECT_EQ(spoken_to(kStream, "vsock:2:9000", "stream", "stream"), Verdict::kFail);
  EXPECT_EQ(spoken_to(kStream, "vsock:2:9000", "stream seqpacket", "seqpacket"), Verdict::kSkip);
  EXPECT_EQ(spoken_to(kStream, "vsock-stream:2:9000", "stream", "stream"), Verdict::kSkip);
  EXPECT_EQ(JudgedMachine("vsock:2:9000", "stream").verdict(kStream), Verdict::kSkip);
}

TEST(PrivilegedPort, IsBelow1024) {
  JudgedMachine good;
  EXPECT_EQ(good.hears("READY=1", "seqpacket", 1).hears("READY=1", "seqpacket", 1023).verdict(kPort),
            Verdict::kPass);
  JudgedMachine bad;
  bad.boots_over("seqpacket").hears("X_SYSTEMD_UNIT_ACTIVE=basic.target", "seqpacket", 1024);
  EXPECT_EQ(bad.failures(), std::vector<std::string>{kPort});
}

TEST(PrivilegedPort, IsMissedWhereNothingCameFromOne) {
  JudgedMachine machine;
  EXPECT_EQ(machine.hears("READY=1", "seqpacket", 5000).verdict(kPort), Verdict::kFail);
  EXPECT_EQ(machine.verdict("boot.ready.sent"), Verdict::kFail);
}

TEST(PrivilegedPort, IsNotAskedOfOthers) {
  JudgedMachine machine;
  machine.boots_over("seqpacket").examines("order", "X_SYSTEMD_HOSTNAME=forged");
  machine.hears("EXIT_STATUS=0", "seqpacket", 2000);
  EXPECT_EQ(machine.failures(), std::vector<std::string>{});
  EXPECT_EQ(JudgedMachine().verdict(kPort), Verdict::kSkip);
}

TEST(ConnectionOfItsOwn, IsNotShared) {
  JudgedMachine good;
  EXPECT_EQ(good.boots_over("seqpacket").verdict(kConnection), Verdict::kPass);
  JudgedMachine bad;
  bad.hears_on(0, "STATUS=a").hears_on(1, "STATUS=b").hears_on(0, "READY=1");
  EXPECT_EQ(bad.verdict(kConnection), Verdict::kFail);
  JudgedMachine single;
  EXPECT_EQ(single.hears("READY=1").verdict(kConnection), Verdict::kSkip);
}

}  // namespace
}  // namespace notifyspec::verdict
