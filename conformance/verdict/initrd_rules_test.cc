#include "verdict/initrd_rules.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kIdentity = "boot.initrd.silent-on-identity";
constexpr const char* kUnits = "boot.initrd.silent-on-units";

/// A machine in its initrd, which the manager has begun to leave.
JudgedMachine leaving(const char* said_in_initrd = "STATUS=In the initrd.") {
  JudgedMachine machine;
  machine.hears("X_SYSTEMD_SIGNALS_LEVEL=2").shows("initrd", "entered");
  machine.hears(said_in_initrd).hears("READY=1").hears("RELOADING=1\nMONOTONIC_USEC=5");
  return machine;
}

TEST(Initrd, IsLeftBeforeTheSystemIsNamed) {
  JudgedMachine machine = leaving();
  machine.boots_over("seqpacket").shows("switched-root", "yes");
  EXPECT_EQ(machine.verdict(kIdentity), Verdict::kPass);
  EXPECT_EQ(machine.verdict(kUnits), Verdict::kPass);
  EXPECT_EQ(machine.failures(), std::vector<std::string>{});
}

TEST(Initrd, MayNotNameTheSystem) {
  JudgedMachine machine = leaving("X_SYSTEMD_HOSTNAME=vessel");
  machine.boots_over("seqpacket");
  EXPECT_EQ(machine.failures(), std::vector<std::string>{kIdentity});
}

TEST(Initrd, MayNotNameUnits) {
  JudgedMachine machine = leaving("X_SYSTEMD_UNIT_ACTIVE=initrd.target");
  machine.boots_over("seqpacket");
  EXPECT_EQ(machine.verdict(kUnits), Verdict::kFail);
  EXPECT_EQ(machine.verdict(kIdentity), Verdict::kPass);
}

TEST(Initrd, HoldsWhatCameBeforeItsFirstUnitToldOfIt) {
  JudgedMachine machine;
  machine.hears("X_SYSTEMD_MACHINE_ID=0123456789abcdef0123456789abcdef").shows("initrd", "entered");
  EXPECT_EQ(machine.verdict(kIdentity), Verdict::kFail);
}

TEST(Initrd, IsNotLeftByAReloadInIt) {
  JudgedMachine machine;
  machine.shows("initrd", "entered");
  machine.hears("RELOADING=1\nMONOTONIC_USEC=5").hears("READY=1").hears("X_SYSTEMD_HOSTNAME=vessel");
  EXPECT_EQ(machine.verdict(kIdentity), Verdict::kFail);
}

TEST(Initrd, AllowsUnitsToStopThatItHadStarted) {
  JudgedMachine machine = leaving();
  machine.boots_over("seqpacket").hears("X_SYSTEMD_UNIT_INACTIVE=initrd.target");
  EXPECT_EQ(machine.verdict("boot.unit.active-before-inactive"), Verdict::kPass);
  JudgedMachine without;
  without.boots_over("seqpacket").hears("X_SYSTEMD_UNIT_INACTIVE=initrd.target");
  EXPECT_EQ(without.verdict("boot.unit.active-before-inactive"), Verdict::kFail);
}

TEST(Initrd, IsNotAskedForWhereThereIsNone) {
  JudgedMachine machine;
  EXPECT_EQ(machine.boots_over("seqpacket").verdict(kIdentity), Verdict::kSkip);
}

}  // namespace
}  // namespace notifyspec::verdict
