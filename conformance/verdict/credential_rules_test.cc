#include "verdict/credential_rules.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kVsock = "boot.credential.vsock-address";
constexpr const char* kUnix = "boot.credential.unix-address";
constexpr const char* kMalformed = "boot.credential.malformed-harmless";
constexpr const char* kMissing = "boot.credential.missing-harmless";
constexpr const char* kUndeliverable = "boot.credential.undeliverable-harmless";

/// What is judged of a machine that boots and from which nothing is heard.
Verdict silent(const char* id, std::optional<std::string> credential, const char* offers, int systemd = 257) {
  JudgedMachine machine(std::move(credential), offers, systemd);
  return machine.shows("booted", "multi-user.target").is_gone().verdict(id);
}

TEST(ReadyOverVsock, IsMetWhereReadyArrives) {
  JudgedMachine machine;
  EXPECT_EQ(machine.boots_over("seqpacket").verdict(kVsock), Verdict::kPass);
}

TEST(ReadyOverVsock, IsNotMetWhereAPromisedTypeBringsNothing) {
  EXPECT_EQ(silent(kVsock, "vsock:2:9000", "stream seqpacket"), Verdict::kFail);
  EXPECT_EQ(silent(kVsock, "vsock-stream:2:9000", "stream"), Verdict::kFail);
}

TEST(ReadyOverVsock, AsksForNothingThatNoTextPromises) {
  EXPECT_EQ(silent(kVsock, "vsock:2:9000", "stream"), Verdict::kSkip);
  EXPECT_EQ(silent(kVsock, "vsock-dgram:2:9000", "stream seqpacket"), Verdict::kSkip);
  EXPECT_EQ(silent(kVsock, "vsock-seqpacket:2:9000", "stream"), Verdict::kSkip);
  EXPECT_EQ(silent(kVsock, "vsock-stream:2:9000", "stream", 254), Verdict::kSkip);
  EXPECT_EQ(silent(kVsock, "/run/notify", "stream seqpacket"), Verdict::kSkip);
  EXPECT_EQ(silent(kVsock, std::nullopt, "stream seqpacket"), Verdict::kSkip);
}

TEST(ReadyOverVsock, SaysNothingOfABootThatWasCutShort) {
  JudgedMachine machine;
  machine.hears("X_SYSTEMD_SIGNALS_LEVEL=2").does("poweroff").is_gone();
  EXPECT_EQ(machine.verdict(kVsock), Verdict::kSkip);
}

TEST(ReadyOverVsock, SaysNothingWhereTheReceiverCameLate) {
  JudgedMachine machine;
  machine.does("listen").shows("booted", "multi-user.target");
  EXPECT_EQ(machine.verdict(kVsock), Verdict::kSkip);
}

TEST(ReadyOverUnix, WantsALineReadyInsideTheMachine) {
  const auto arrives = [](const char* data) {
    JudgedMachine machine("/run/notify");
    return machine.shows("notify-unix", data).shows("booted", "multi-user.target").verdict(kUnix);
  };
  EXPECT_EQ(arrives("READY=1\nSTATUS=Ready."), Verdict::kPass);
  EXPECT_EQ(arrives("X_SYSTEMD_HOSTNAME=vessel"), Verdict::kFail);
  EXPECT_EQ(arrives("STATUS=READY=1"), Verdict::kFail);
  EXPECT_EQ(silent(kUnix, "vsock:2:9000", "stream seqpacket"), Verdict::kSkip);
  EXPECT_EQ(JudgedMachine("/run/notify").verdict(kUnix), Verdict::kSkip);
}

TEST(BootsAllTheSame, IsMetByWhatTheSystemSaysOfItself) {
  EXPECT_EQ(silent(kMalformed, "nonsense", "stream"), Verdict::kPass);
  EXPECT_EQ(silent(kMissing, std::nullopt, "stream"), Verdict::kPass);
  EXPECT_EQ(silent(kUndeliverable, "vsock-dgram:2:9000", "stream seqpacket"), Verdict::kPass);
}

TEST(BootsAllTheSame, IsNotMetByASystemThatHangs) {
  const auto hangs = [](const char* id, std::optional<std::string> credential) {
    return JudgedMachine(std::move(credential), "stream").does("deadline").verdict(id);
  };
  EXPECT_EQ(hangs(kMalformed, "nonsense"), Verdict::kFail);
  EXPECT_EQ(hangs(kMissing, std::nullopt), Verdict::kFail);
  EXPECT_EQ(hangs(kUndeliverable, "vsock:2:9000"), Verdict::kFail);
}

TEST(BootsAllTheSame, SaysNothingOfOtherCredentials) {
  EXPECT_EQ(silent(kMalformed, "vsock:2:9000", "stream"), Verdict::kSkip);
  EXPECT_EQ(silent(kMissing, "nonsense", "stream"), Verdict::kSkip);
  EXPECT_EQ(silent(kUndeliverable, "vsock:2:9000", "stream seqpacket"), Verdict::kSkip);
  EXPECT_EQ(JudgedMachine("nonsense").verdict(kMalformed), Verdict::kSkip);
}

TEST(Silence, IsNoFaultWhereNoTextPromisesAWord) {
  for (const char* credential : {"vsock-dgram:2:9000", "/run/notify", "nonsense"}) {
    JudgedMachine machine(credential);
    machine.shows("notify-unix", "READY=1").shows("booted", "multi-user.target").does("poweroff").is_gone();
    EXPECT_EQ(machine.failures(), std::vector<std::string>{}) << credential;
  }
  JudgedMachine promised;
  promised.shows("booted", "multi-user.target").does("poweroff").is_gone();
  EXPECT_EQ(promised.verdict("boot.notify-socket.consumed"), Verdict::kFail);
}

TEST(Silence, IsNoFaultBeforeTheReceiverListens) {
  JudgedMachine machine;
  machine.does("listen");
  machine.hears("X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef")
      .hears("X_SYSTEMD_UNIT_ACTIVE=multi-user.target")
      .hears("READY=1")
      .is_ready();
  EXPECT_EQ(machine.failures(), std::vector<std::string>{});
}

}  // namespace
}  // namespace notifyspec::verdict
