// The judge, on boots that are written by hand: what it fails, warns and skips, and that it judges one thing
// at a time. That every rule can fail on a real trace is shown in fixtures/mutants_test.py.
#include "verdict/judge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

TEST(Judge, FindsNoFaultInAGoodBoot) {
  EXPECT_EQ(JudgedBoot().boots().failures(), std::vector<std::string>{});
}

TEST(Judge, FailsAManagerThatSendsOnlyReady) {
  const auto failures = JudgedBoot().says("READY=1").failures();
  for (const char* id :
       {"boot.hostname.sent", "boot.machine-id.sent", "boot.signals-level.sent", "boot.unit.active-complete"})
    EXPECT_NE(std::ranges::find(failures, id), failures.end()) << id;
}

TEST(Judge, FailsSilence) {
  const auto failures = JudgedBoot().does("deadline").failures();
  for (const char* id : {"boot.ready.sent", "boot.notify-socket.consumed", "boot.hostname.sent"})
    EXPECT_NE(std::ranges::find(failures, id), failures.end()) << id;
}

TEST(Judge, WantsReadyUnlessTheBootWasCutShort) {
  JudgedBoot cut;
  cut.says("X_SYSTEMD_SIGNALS_LEVEL=2").does("signal", "SIGRTMIN+3").is_gone();
  EXPECT_EQ(cut.on("boot.ready.sent").verdict, Verdict::kSkip);
  JudgedBoot whole;
  whole.says("X_SYSTEMD_SIGNALS_LEVEL=2").is_ready().does("signal", "SIGRTMIN+3").is_gone();
  EXPECT_EQ(whole.on("boot.ready.sent").verdict, Verdict::kFail);
}

TEST(Judge, DoesNotTakeAStrangersWord) {
  JudgedBoot boot;
  boot.says("READY=1", 99).does("deadline");
  EXPECT_EQ(boot.on("boot.ready.sent").verdict, Verdict::kFail);
}

TEST(Judge, NamesTheTargetsThatWereNotReported) {
  JudgedBoot boot;
  boot.header.transactions = {{0, "boot", {"basic.target", "sockets.target"}, {"old.target"}}};
  boot.boots();
  EXPECT_NE(boot.on("boot.unit.active-complete").seen.find("sockets.target (boot)"), std::string::npos);
  EXPECT_NE(boot.on("boot.unit.inactive-complete").seen.find("old.target (boot)"), std::string::npos);
}

TEST(Judge, HoldsTargetsToTheirOrderWithinOneTransactionOnly) {
  JudgedBoot against;
  against.says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target").says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
  EXPECT_EQ(against.on("boot.unit.dependency-order").verdict, Verdict::kFail);

  JudgedBoot later;
  later.header.transactions = {{0, "boot", {}, {}}, {1000, "isolate basic.target", {}, {}}};
  later.says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target").says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
  EXPECT_EQ(later.on("boot.unit.dependency-order").verdict, Verdict::kPass);
}

TEST(Judge, OrdersATransactionByTheUnitsThatHadAJobInIt) {
  JudgedBoot boot;
  boot.header.transactions = {{0, "boot", {}, {}},
                              {1000, "isolate multi-user.target", {}, {}, {{{"basic.target", {}}}}}};
  boot.says("READY=1")
      .says("X_SYSTEMD_UNIT_ACTIVE=multi-user.target")
      .says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
  EXPECT_EQ(boot.on("boot.unit.dependency-order").verdict, Verdict::kPass);
}

TEST(Judge, CountsEachReportOfAMessageThatHasSeveral) {
  JudgedBoot boot;
  boot.says("X_SYSTEMD_UNIT_ACTIVE=basic.target\nX_SYSTEMD_UNIT_ACTIVE=multi-user.target");
  EXPECT_EQ(boot.on("boot.unit.active-complete").verdict, Verdict::kPass);
  EXPECT_EQ(boot.on("boot.one-field-per-extension-message").verdict, Verdict::kFail);
}

TEST(Judge, HoldsReadyBackUntilTheStartUpIsReleased) {
  JudgedBoot early;
  early.does("hold", "hold.service").boots().does("release", "hold.service").says("READY=1");
  EXPECT_EQ(early.on("boot.ready.not-before-boot-finished").verdict, Verdict::kFail);
  JudgedBoot good;
  good.does("hold", "hold.service").does("release", "hold.service").boots();
  EXPECT_EQ(good.on("boot.ready.not-before-boot-finished").verdict, Verdict::kPass);
  JudgedBoot never;
  never.does("hold", "hold.service").does("deadline");
  EXPECT_EQ(never.on("boot.ready.not-before-boot-finished").verdict, Verdict::kInconclusive);
}

TEST(Judge, WantsAReloadAnnouncedAndFollowed) {
  EXPECT_EQ(JudgedBoot().boots().does("daemon-reload").on("boot.reload.reloading-then-ready").verdict,
            Verdict::kFail);
  EXPECT_EQ(JudgedBoot()
                .boots()
                .does("signal", "SIGHUP")
                .says("RELOADING=1")
                .on("boot.reload.reloading-then-ready")
                .verdict,
            Verdict::kFail);
  EXPECT_EQ(JudgedBoot()
                .boots()
                .does("daemon-reload")
                .says("RELOADING=1\nMONOTONIC_USEC=6500")
                .says("READY=1")
                .on("boot.reload.reloading-then-ready")
                .verdict,
            Verdict::kPass);
}

TEST(Judge, ComparesTheTimeOfAReloadWithTheClock) {
  JudgedBoot boot;
  boot.boots().does("daemon-reload").says("RELOADING=1\nMONOTONIC_USEC=999999999");
  EXPECT_EQ(boot.on("boot.reload.monotonic-usec").verdict, Verdict::kFail);
}

TEST(Judge, WantsEachSignalToWorkOnceItsLevelIsAnnounced) {
  EXPECT_EQ(JudgedBoot().does("signal", "SIGRTMIN+3").boots().on("boot.signals-level.signals-work").verdict,
            Verdict::kSkip);
  EXPECT_EQ(JudgedBoot().boots().does("signal", "SIGRTMIN+3").on("boot.signals-level.signals-work").verdict,
            Verdict::kFail);
  EXPECT_EQ(JudgedBoot()
                .boots()
                .does("signal", "SIGRTMIN+3")
                .says("EXIT_STATUS=0")
                .is_gone()
                .on("boot.signals-level.signals-work")
                .verdict,
            Verdict::kPass);
  EXPECT_EQ(JudgedBoot()
                .boots()
                .does("signal", "SIGRTMIN+22")
                .shows("signal-effect", "SIGRTMIN+22 log-level=info")
                .on("boot.signals-level.signals-work")
                .verdict,
            Verdict::kFail);
}

TEST(Judge, WantsTheEndToldInTheWordsOfTheText) {
  JudgedBoot silent;
  silent.boots().does("poweroff").is_gone();
  EXPECT_EQ(silent.on("boot.shutdown.verb").verdict, Verdict::kFail);
  EXPECT_EQ(silent.on("boot.shutdown.exit-status").verdict, Verdict::kFail);
  JudgedBoot wrong;
  wrong.boots().does("poweroff").says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=halt").is_gone();
  EXPECT_EQ(wrong.on("boot.shutdown.verb").verdict, Verdict::kFail);
  EXPECT_EQ(wrong.on("boot.shutdown.exit-status").verdict, Verdict::kPass);
  JudgedBoot exit;
  exit.boots().does("exit", "7").says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=exit").is_gone();
  EXPECT_EQ(exit.on("boot.shutdown.exit-status").verdict, Verdict::kFail);
  EXPECT_EQ(exit.on("boot.shutdown.verb").verdict, Verdict::kSkip);
  JudgedBoot parameter;
  parameter.boots().does("reboot", "recovery").says("EXIT_STATUS=0\nX_SYSTEMD_SHUTDOWN=reboot").is_gone();
  EXPECT_EQ(parameter.on("boot.shutdown.reboot-parameter").verdict, Verdict::kFail);
}

TEST(Judge, FailsAShutdownThatHangs) {
  JudgedBoot boot;
  boot.boots().is_ready().does("poweroff").does("deadline");
  EXPECT_EQ(boot.on("boot.shutdown.verb").verdict, Verdict::kFail);
  EXPECT_EQ(boot.on("boot.shutdown.exit-status").verdict, Verdict::kFail);
}

TEST(Judge, AllowsTheExitStatusToBeRepeatedAfterTheEndAndNothingElse) {
  const auto after = [](const char* data) {
    return JudgedBoot(every_requirement(Level::kMust))
        .boots()
        .does("exit", "7")
        .says("EXIT_STATUS=7\nX_SYSTEMD_SHUTDOWN=exit")
        .says(data)
        .on("boot.shutdown.nothing-after")
        .verdict;
  };
  EXPECT_EQ(after("EXIT_STATUS=7"), Verdict::kPass);
  EXPECT_EQ(after("EXIT_STATUS=7\nSTATUS=x"), Verdict::kFail);
  EXPECT_EQ(after("STATUS=x"), Verdict::kFail);
}

TEST(Judge, TakesAReportThatComesJustBehindTheBorderOfItsTransaction) {
  JudgedBoot boot;
  boot.header.transactions = {{0, "boot", {"basic.target"}, {}}, {500, "halt", {}, {}}};
  boot.says("READY=1").says("X_SYSTEMD_UNIT_ACTIVE=basic.target");
  EXPECT_EQ(boot.on("boot.unit.active-complete").verdict, Verdict::kPass);
}

TEST(Judge, DoesNotAskForARELOADINGWhereTheManagerExecutesItselfAnew) {
  JudgedBoot boot;
  boot.boots().does("signal", "SIGTERM").says("X_SYSTEMD_SIGNALS_LEVEL=2").says("READY=1");
  EXPECT_EQ(boot.on("boot.reload.reloading-then-ready").verdict, Verdict::kSkip);
  EXPECT_EQ(boot.on("boot.signals-level.signals-work").verdict, Verdict::kPass);
}

TEST(Judge, DoesNotTakeADeathForAShutdown) {
  JudgedBoot killed;
  killed.boots().does("signal", "SIGRTMIN+3").is_gone();
  EXPECT_EQ(killed.on("boot.signals-level.signals-work").verdict, Verdict::kFail);
}

TEST(Judge, DoesNotBindOldVersionsNorOtherVantages) {
  JudgedBoot old(every_requirement(Level::kMust), 252);
  old.says("READY=1");
  EXPECT_EQ(old.failures(), std::vector<std::string>{});
  EXPECT_EQ(old.on("boot.hostname.sent").reason, "since systemd 256, and this is 252");
  JudgedBoot user;
  user.header.vantage = "user";
  EXPECT_EQ(user.on("boot.hostname.sent").verdict, Verdict::kSkip);
}

TEST(Judge, FailsWhatWasMerelyObservedOnlyUnderItsProfile) {
  const auto repeat = [](Profile profile) {
    return JudgedBoot(every_requirement(Level::kObserved), 257, profile)
        .boots()
        .says("X_SYSTEMD_HOSTNAME=vessel")
        .on("boot.hostname.not-repeated");
  };
  EXPECT_EQ(repeat({}).verdict, Verdict::kSkip);
  EXPECT_NE(repeat({}).reason.find("not so here"), std::string::npos);
  EXPECT_EQ(repeat({262}).verdict, Verdict::kFail);
  EXPECT_EQ(repeat({254}).verdict, Verdict::kSkip);
}

TEST(Judge, WarnsWhereATextSaysShould) {
  JudgedBoot boot(every_requirement(Level::kShould));
  EXPECT_EQ(boot.says("READY=1").on("boot.hostname.sent").verdict, Verdict::kWarn);
}

TEST(Judge, SaysSoWhereMoreUnitsAreNamedThanItTracks) {
  JudgedBoot boot;
  for (int i = 0; i < 5000; ++i) boot.says("X_SYSTEMD_UNIT_ACTIVE=" + std::to_string(i) + ".target");
  EXPECT_EQ(boot.on("boot.unit.no-repeat").verdict, Verdict::kInconclusive);
  JudgedBoot observed(every_requirement(Level::kObserved));
  for (int i = 0; i < 5000; ++i) observed.says("X_SYSTEMD_UNIT_ACTIVE=" + std::to_string(i) + ".target");
  EXPECT_EQ(observed.on("boot.unit.no-repeat").verdict, Verdict::kSkip);
}

TEST(SystemdVersion, IsTheLeadingDigits) {
  EXPECT_EQ(systemd_version("262.1-1"), 262);
  EXPECT_EQ(systemd_version("257~rc1"), 257);
  EXPECT_EQ(systemd_version("v257"), std::nullopt);
  EXPECT_EQ(systemd_version(""), std::nullopt);
}

}  // namespace
}  // namespace notifyspec::verdict
