#include "model/boot.h"

#include <gtest/gtest.h>

namespace notifyspec::model {
namespace {

wire::Event message(std::string data, std::int64_t pid = 1, std::int64_t t_usec = 0) {
  wire::Message body;
  body.data = std::move(data);
  body.pid = pid;
  return {t_usec, body};
}

wire::Event action(std::string name, std::optional<std::string> argument = {}) {
  return {0, wire::Action{std::move(name), std::move(argument)}};
}

wire::TraceHeader header() {
  wire::TraceHeader out;
  out.vantage = "container";
  out.manager_pid = 1;
  return out;
}

TEST(Boot, ReadsTheFieldsOfTheManagersMessage) {
  Boot boot(header(), 257);
  const wire::Event event = message("READY=1\nSTATUS=Ready.\nFOO=1\nnonsense\n");
  const Step& step = boot.advance(event, 2);
  ASSERT_NE(step.message, nullptr);
  EXPECT_EQ(step.fields.size(), 2U);
  EXPECT_EQ(step.n_assignments, 4U);
  EXPECT_EQ(step.value(mask_of("STATUS")), "Ready.");
  EXPECT_EQ(step.value(mask_of("RELOADING")), std::nullopt);
  EXPECT_EQ(boot.course().ready_line, 2U);
}

TEST(Boot, DoesNotListenToOtherPids) {
  Boot boot(header(), 257);
  EXPECT_EQ(boot.advance(message("READY=1", 77), 2).message, nullptr);
  EXPECT_EQ(boot.n_messages(), 0U);
  EXPECT_FALSE(boot.course().ready_line);
}

TEST(Boot, ListensToAllWhereTheTransportTellsNoPid) {
  wire::TraceHeader anonymous = header();
  anonymous.manager_pid.reset();
  Boot boot(anonymous, 257);
  EXPECT_NE(boot.advance(message("READY=1", 77), 2).message, nullptr);
}

TEST(Boot, DropsWhatAReceiverDrops) {
  Boot boot(header(), 257);
  EXPECT_TRUE(boot.advance(message(std::string("READY=1\0\0", 9)), 2).fields.empty());
  EXPECT_TRUE(boot.advance(message("READY=1\n" + std::string(4096, 'a')), 3).fields.empty());
  EXPECT_FALSE(boot.course().ready_line);
}

TEST(Boot, TakesLookAlikesForNothing) {
  Boot boot(header(), 257);
  for (const char* data : {"READY=10", "ready=1", " READY=1", "STATUS=READY=1", "X_READY=1", "READY=0"})
    boot.advance(message(data), 2);
  EXPECT_FALSE(boot.course().ready_line);
}

TEST(Boot, BeginsALifeWhenTheManagerSpeaksAnewAfterASoftReboot) {
  Boot boot(header(), 257);
  EXPECT_EQ(boot.advance(message("X_SYSTEMD_HOSTNAME=a"), 2).life, 0U);
  boot.advance(action("signal", "SIGRTMIN+7"), 3);
  EXPECT_EQ(boot.advance(message("X_SYSTEMD_UNIT_INACTIVE=basic.target"), 4).life, 0U);
  EXPECT_EQ(boot.advance(message("RELOADING=1\nMONOTONIC_USEC=5"), 5).life, 1U);
  EXPECT_EQ(boot.advance(message("X_SYSTEMD_HOSTNAME=a"), 6).life, 1U);
}

TEST(Boot, NumbersTransactionsByTheirTime) {
  wire::TraceHeader with = header();
  with.transactions = {{0, "boot", {}, {}}, {5000, "isolate rescue.target", {}, {}}, {9000, "halt", {}, {}}};
  Boot boot(with, 257);
  EXPECT_EQ(boot.advance(message("READY=1", 1, 4999), 2).transaction, 0U);
  EXPECT_EQ(boot.advance(message("READY=1", 1, 5000), 3).transaction, 1U);
  EXPECT_EQ(boot.advance(message("READY=1", 1, 12000), 4).transaction, 2U);
}

TEST(Boot, KnowsHowItWasAskedToEnd) {
  Boot boot(header(), 257);
  EXPECT_FALSE(boot.course().shutdown);
  boot.advance(action("signal", "SIGRTMIN+4"), 2);
  EXPECT_EQ(boot.course().shutdown->verb, "poweroff");
  boot.advance(action("exit", "7"), 3);
  EXPECT_EQ(boot.course().shutdown->argument, "7");
}

wire::Event started() {
  return {0, wire::Phase{wire::PhaseName::kStarted}};
}

wire::Event over_vsock(std::string data, std::uint32_t port) {
  wire::Message body;
  body.data = std::move(data);
  body.peer_port = port;
  return {0, body};
}

TEST(Boot, ListensOverVsockToPrivilegedPortsAlone) {
  Boot boot(header(), 257);
  EXPECT_NE(boot.advance(over_vsock("STATUS=a", 1023), 2).message, nullptr);
  const wire::Event forged = over_vsock("READY=1", 1024);
  const Step& step = boot.advance(forged, 3);
  EXPECT_EQ(step.message, nullptr);
  EXPECT_NE(step.stranger, nullptr);
  EXPECT_FALSE(boot.course().ready_line);
  EXPECT_EQ(boot.n_strangers(), 1U);
}

TEST(Boot, DoesNotTakeTheExamForTheManager) {
  Boot boot(header(), 257);
  EXPECT_NE(boot.advance(over_vsock("X_NOTIFYSPEC_CASE=order\nREADY=1", 1000), 2).stranger, nullptr);
  EXPECT_EQ(boot.n_messages(), 0U);
}

TEST(Boot, EndsWhereTheSystemIsStartedAgain) {
  Boot boot(header(), 257);
  EXPECT_EQ(boot.advance(started(), 2).ended, nullptr);
  boot.advance(message("READY=1"), 3);
  boot.advance(action("reboot", "recovery"), 4);
  const wire::Event again = started();
  const Step& step = boot.advance(again, 5);
  ASSERT_NE(step.ended, nullptr);
  EXPECT_EQ(step.ended->ready_line, 3U);
  EXPECT_EQ(step.ended->shutdown->argument, "recovery");
  EXPECT_EQ(step.life, 1U);
  EXPECT_FALSE(boot.course().ready_line);
  EXPECT_FALSE(boot.course().shutdown);
  EXPECT_EQ(boot.advance(message("READY=1"), 6).ended, nullptr);
  EXPECT_EQ(boot.course().ready_line, 6U);
}

TEST(Boot, IsNotReadyInItsInitrd) {
  Boot boot(header(), 257);
  boot.advance(message("READY=1"), 2);
  EXPECT_TRUE(boot.advance({0, wire::Observation{"initrd", "entered"}}, 3).in_initrd);
  boot.advance(message("READY=1"), 4);
  EXPECT_FALSE(boot.course().ready_line);
  EXPECT_EQ(boot.advance(message("RELOADING=1"), 5).life, 1U);
  EXPECT_TRUE(boot.advance(message("X_SYSTEMD_SIGNALS_LEVEL=2"), 6).in_initrd);
  EXPECT_FALSE(boot.advance(message("X_SYSTEMD_MACHINE_ID=a"), 7).in_initrd);
  boot.advance(message("READY=1"), 8);
  EXPECT_EQ(boot.course().ready_line, 8U);
}

TEST(Boot, HasLeftTheInitrdWhereTheSystemBehindItRuns) {
  Boot boot(header(), 254);
  boot.advance({0, wire::Observation{"initrd", "entered"}}, 2);
  boot.advance(message("RELOADING=1"), 3);
  EXPECT_FALSE(boot.advance({0, wire::Observation{"switched-root", "yes"}}, 4).in_initrd);
  boot.advance(message("READY=1"), 5);
  EXPECT_EQ(boot.course().ready_line, 5U);
}

TEST(Boot, TakesThePowerButtonForAPoweroff) {
  Boot boot(header(), 257);
  boot.advance(action("power-button"), 2);
  EXPECT_EQ(boot.course().shutdown->verb, "poweroff");
}

TEST(Boot, IsDeafOnlyInAMachineThatNothingPromisesAWordOf) {
  wire::TraceHeader machine;
  machine.vantage = "vm";
  Boot boot(machine, 257);
  EXPECT_TRUE(boot.deaf());
  boot.advance(over_vsock("STATUS=a", 1), 2);
  EXPECT_FALSE(boot.deaf());
  EXPECT_FALSE(Boot(header(), 257).deaf());
}

TEST(Boot, RemembersWhatWasDoneToItAndSeenOfIt) {
  wire::TraceHeader user = header();
  user.vantage = "user";
  Boot boot(user, 257);
  EXPECT_EQ(boot.manager(), ManagerKind::kUser);
  EXPECT_FALSE(boot.gave_up() || boot.heard_late() || boot.refused() || boot.booted());
  for (const char* each : {"deadline", "listen", "signal"}) boot.advance(action(each), 2);
  boot.advance(action("signal", "SIGNONE"), 3);
  boot.advance(action("signal", "SIGRTMIN+28"), 4);
  EXPECT_TRUE(boot.gave_up() && boot.heard_late());
  EXPECT_FALSE(boot.course().shutdown);
  for (const char* each : {"refused", "booted", "hostname"})
    boot.advance({0, wire::Observation{each, ""}}, 5);
  EXPECT_TRUE(boot.refused() && boot.booted());
  EXPECT_EQ(mask_of("NO_SUCH_FIELD"), 0U);
}

TEST(Boot, ReadsNothingInATruncatedMessage) {
  Boot boot(header(), 257);
  wire::Message cut;
  cut.data = "READY=1";
  cut.pid = 1;
  cut.truncated = true;
  EXPECT_TRUE(boot.advance({0, cut}, 2).fields.empty());
  EXPECT_EQ(boot.advance(message("\n\nREADY=1\n\n"), 3).n_assignments, 1U);
}

}  // namespace
}  // namespace notifyspec::model
