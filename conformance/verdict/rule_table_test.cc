// The rules of the table together, on a machine that is started more than once.
#include "verdict/rule_table.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

/// A machine that has booted, was asked to reboot, said `end`, and has come back.
JudgedMachine back_again(const std::string& end = "EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot",
                         std::optional<std::string> argument = {}) {
  JudgedMachine machine;
  machine.boots_over("seqpacket").is_ready().does("reboot", std::move(argument));
  machine.hears(end).is_started();
  return machine;
}

constexpr const char* kPoweroff = "EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=poweroff";

TEST(Reboot, FindsNoFaultInAMachineThatComesBackAndSaysAllAgain) {
  JudgedMachine machine = back_again();
  machine.boots_over("seqpacket").is_ready().does("power-button");
  machine.hears(kPoweroff).is_gone();
  EXPECT_EQ(machine.failures(), std::vector<std::string>{});
}

TEST(Reboot, WantsAllSaidAgain) {
  JudgedMachine machine = back_again();
  machine.hears("X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef").is_ready();
  for (const char* id : {"boot.hostname.sent", "boot.signals-level.sent", "boot.ready.sent"})
    EXPECT_EQ(machine.verdict(id), Verdict::kFail) << id;
  EXPECT_EQ(machine.verdict("boot.machine-id.sent"), Verdict::kPass);
}

TEST(Reboot, WantsAllSaidTheFirstTimeToo) {
  JudgedMachine machine;
  machine.hears("X_SYSTEMD_SIGNALS_LEVEL=2").is_ready().is_started();
  machine.boots_over("seqpacket").is_ready();
  EXPECT_EQ(machine.verdict("boot.hostname.sent"), Verdict::kFail);
  EXPECT_EQ(machine.verdict("boot.ready.sent"), Verdict::kFail);
  EXPECT_EQ(machine.verdict("boot.signals-level.sent"), Verdict::kPass);
}

TEST(Reboot, JudgesTheEndOfEachBoot) {
  JudgedMachine first = back_again("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=halt");
  first.boots_over("seqpacket").does("poweroff");
  first.hears(kPoweroff).is_gone();
  EXPECT_EQ(first.verdict("boot.shutdown.verb"), Verdict::kFail);
  JudgedMachine second = back_again();
  second.boots_over("seqpacket").does("poweroff");
  second.hears("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=halt").is_gone();
  EXPECT_EQ(second.verdict("boot.shutdown.verb"), Verdict::kFail);
  JudgedMachine silent = back_again("STATUS=Bye.");
  silent.boots_over("seqpacket").does("poweroff");
  silent.hears(kPoweroff).is_gone();
  EXPECT_EQ(silent.verdict("boot.shutdown.exit-status"), Verdict::kFail);
}

TEST(Reboot, WantsItsArgumentWithTheFirstEnd) {
  const auto with = [](const std::string& parameter) {
    JudgedMachine machine = back_again(
        "EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot\nX_SYSTEMD_REBOOT_PARAMETER=" + parameter, "recovery");
    machine.boots_over("seqpacket").does("poweroff");
    return machine.hears(kPoweroff).is_gone().verdict("boot.shutdown.reboot-parameter");
  };
  EXPECT_EQ(with("recovery"), Verdict::kPass);
  EXPECT_EQ(with("other"), Verdict::kFail);
}

TEST(Reboot, WantsNothingBetweenTheEndAndTheNextStart) {
  JudgedMachine machine;
  machine.boots_over("seqpacket").does("reboot");
  machine.hears("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot").hears("STATUS=Still here.").is_started();
  machine.boots_over("seqpacket");
  EXPECT_EQ(machine.failures(), std::vector<std::string>{"boot.shutdown.nothing-after"});
}

TEST(Reboot, ForgivesAReloadThatItOvertook) {
  JudgedMachine machine;
  machine.boots_over("seqpacket").does("daemon-reload").does("reboot");
  machine.hears("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot").is_started();
  machine.boots_over("seqpacket");
  EXPECT_EQ(machine.failures(), std::vector<std::string>{});
  JudgedMachine crash;
  crash.boots_over("seqpacket").does("daemon-reload").is_started();
  crash.boots_over("seqpacket");
  EXPECT_EQ(crash.failures(), std::vector<std::string>{"boot.reload.reloading-then-ready"});
}

TEST(Reboot, IsWhatItsSignalDoes) {
  JudgedMachine machine;
  machine.boots_over("seqpacket").is_ready().does("signal", "SIGRTMIN+5");
  machine.hears("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot").is_started();
  EXPECT_EQ(machine.boots_over("seqpacket").verdict("boot.signals-level.signals-work"), Verdict::kPass);
}

TEST(Machine, IsNotBlamedForWhatItsClockCannotTell) {
  const auto starts_before_the_level = [](std::int64_t usec) {
    JudgedMachine machine;
    machine.shows("process", "generator").later(usec);
    return machine.hears("X_SYSTEMD_SIGNALS_LEVEL=2").verdict("boot.signals-level.before-processes");
  };
  EXPECT_EQ(starts_before_the_level(20'000), Verdict::kSkip);
  EXPECT_EQ(starts_before_the_level(100'000), Verdict::kFail);
}

TEST(PowerButton, AsksForAPoweroff) {
  JudgedMachine machine;
  machine.boots_over("seqpacket").is_ready().does("power-button");
  machine.hears("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=halt").is_gone();
  EXPECT_EQ(machine.verdict("boot.shutdown.verb"), Verdict::kFail);
}

}  // namespace
}  // namespace notifyspec::verdict
