#include "model/service.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace notifyspec::model {
namespace {

constexpr std::int64_t kMain = 100, kChild = 101, kOtherUid = 102, kStranger = 200, kNobody = 999;

Processes everybody() {
  return Processes({{kMain, Role::kMain, 7001},
                    {kChild, Role::kChild, 7002},
                    {kOtherUid, Role::kOtherUid, {}},
                    {kStranger, Role::kStranger, {}}});
}

/// One thing that happens; `reload` asks for one instead of sending.
struct Step {
  std::string bytes;
  std::int64_t pid = kMain;
  std::size_t n_fds = 0;
  bool reload = false;
};

Step send(std::string bytes) {
  return {.bytes = std::move(bytes)};
}
Step send_as(std::int64_t pid, std::string bytes) {
  return {.bytes = std::move(bytes), .pid = pid};
}
Step send_fds(std::size_t n_fds, std::string bytes) {
  return {.bytes = std::move(bytes), .n_fds = n_fds};
}
Step reload() {
  return {.bytes = "", .reload = true};
}

using Members = std::map<std::string, std::string, std::less<>>;

enum Who : unsigned {
  kDocumented = 1,
  k252 = 2,
  k254 = 4,
  k257 = 8,
  k262 = 16,
  kFrom257 = k257 | k262,
  kFrom254 = k254 | kFrom257,
  kSystemd = k252 | kFrom254,
  kAll = kDocumented | kSystemd,
};

struct Case {
  unsigned who;
  std::vector<Step> steps;
  Members expected;  ///< members that are not named are not looked at
  ServiceSettings settings = {};
};

Members conclude(const Case& each, std::string_view profile) {
  Service service(find_profile(profile).value(), each.settings, everybody());
  std::uint64_t now_usec = 1000;  // the first step; each comes 10 later
  for (const Step& step : each.steps) {
    if (step.reload) {
      service.ask_reload(now_usec);
    } else {
      service.take({.bytes = step.bytes,
                    .pid = step.pid,
                    .uid = step.pid == kOtherUid ? 65534U : 0U,
                    .n_fds = step.n_fds,
                    .seen_usec = now_usec});
    }
    now_usec += 10;
  }
  const Conclusion conclusion = service.conclude();
  return {conclusion.begin(), conclusion.end()};
}

void check(std::initializer_list<Case> table) {
  std::size_t row = 0;
  for (const Case& each : table) {
    for (std::size_t i = 0; i < profile_names().size(); ++i) {
      if ((each.who >> i & 1U) == 0) continue;
      const Members seen = conclude(each, profile_names()[i]);
      for (const auto& [member, value] : each.expected) {
        EXPECT_EQ(seen.at(member), value) << "row " << row << ", " << profile_names()[i] << ", " << member;
      }
    }
    ++row;
  }
}

constexpr ServiceSettings kNotifyReload = {.type = ServiceType::kNotifyReload};
constexpr ServiceSettings kSimple = {.type = ServiceType::kSimple};
constexpr ServiceSettings kOpenToAll = {.notify_access = NotifyAccess::kAll};
constexpr ServiceSettings kThreeFds = {.fd_store_max = 3};

TEST(Service, HasDefaults) {
  check({{kAll,
          {},
          {{"state", "starting"},
           {"status", ""},
           {"errno", "0"},
           {"bus_error", ""},
           {"varlink_error", ""},
           {"main_pid", "main"},
           {"watchdog_usec", "0"},
           {"watchdog", "none"},
           {"extend_timeout_usec", "0"},
           {"notify_access", "main"},
           {"fds_stored", "0"},
           {"fd_names", ""},
           {"restart_reset", "no"}}}});
}

TEST(Service, GoesThroughItsLife) {
  check({
      {kAll, {send("READY=1")}, {{"state", "running"}}},
      {kAll, {send("READY=1\n")}, {{"state", "running"}}},
      {kAll, {send("STATUS=x\n\n=x\nX_ACME\nREADY=1")}, {{"state", "running"}}},
      {kAll, {send("READY=10\nREADY=0\n READY=1\nREADY=1 \nX_READY=1\nready=1")}, {{"state", "starting"}}},
      {kAll, {send("READY=2\nREADY=1")}, {{"state", "running"}}},
      {kAll, {send("READY=1"), send("READY=1")}, {{"state", "running"}}},
      {kAll, {send("RELOADING=1")}, {{"state", "starting"}}},
      {kAll, {send("READY=1"), send("RELOADING=1")}, {{"state", "reloading"}}},
      {kAll, {send("READY=1"), send("RELOADING=1"), send("READY=1")}, {{"state", "running"}}},
      {kAll, {send("READY=1"), send("STOPPING=1")}, {{"state", "stopping"}}},
      {kAll, {send("READY=1"), send("STOPPING=1"), send("READY=1")}, {{"state", "stopping"}}},
      {kAll, {send("RELOADING=1\nREADY=1")}, {{"state", "running"}}},
      {kAll, {}, {{"state", "running"}}, kSimple},
      {kAll, {send("STOPPING=1")}, {{"state", "stopping"}}, kSimple},
      {kSystemd, {send("STOPPING=1")}, {{"state", "starting"}}},
      {kDocumented, {send("STOPPING=1")}, {{"state", "stopping"}}},
      {k252 | k254 | k257, {send("STOPPING=1"), send("READY=1")}, {{"state", "running"}}},
      {k262, {send("STOPPING=1"), send("READY=1")}, {{"state", "starting"}}},
      {k262, {send("STOPPING=1"), send("RELOADING=1\nREADY=1")}, {{"state", "starting"}}},
      {k252, {send("READY=1"), send("RELOADING=1"), send("STOPPING=1")}, {{"state", "reloading"}}},
      {kFrom254, {send("READY=1"), send("RELOADING=1"), send("STOPPING=1")}, {{"state", "stopping"}}},
  });
}

TEST(Service, ChoosesAmongLifecycleFieldsOfOneMessage) {
  check({
      {k252, {send("READY=1"), send("STOPPING=1\nRELOADING=1")}, {{"state", "reloading"}}},
      {k252, {send("READY=1"), send("STOPPING=1\nRELOADING=1\nREADY=1")}, {{"state", "running"}}},
      {k252, {send("READY=1\nSTOPPING=1")}, {{"state", "starting"}}},
      {k252, {send("RELOADING=1\nREADY=1\nRELOADING=2")}, {{"state", "running"}}},
      {k252, {send("READY=1\nRELOADING=1\nREADY=1")}, {{"state", "running"}}},
      {kFrom254 | kDocumented,
       {send("READY=1"), send("STOPPING=1\nRELOADING=1\nREADY=1")},
       {{"state", "stopping"}}},
      {kFrom254 | kDocumented, {send("READY=1\nRELOADING=1")}, {{"state", "running"}}},
      {kFrom254 | kDocumented, {send("READY=1"), send("RELOADING=1\nREADY=1")}, {{"state", "running"}}},
      {kFrom254 | kDocumented,
       {send("READY=1"), send("RELOADING=1"), send("READY=1\nRELOADING=1")},
       {{"state", "running"}}},
  });
}

TEST(Service, ReloadsWhenAsked) {
  const unsigned knows = kDocumented | kFrom254;
  const Step begin = send("RELOADING=1\nMONOTONIC_USEC=1015");
  check({
      {knows, {send("READY=1"), reload()}, {{"state", "reloading"}}, kNotifyReload},
      {knows, {reload(), send("READY=1")}, {{"state", "running"}}, kNotifyReload},
      {knows, {send("READY=1"), reload(), send("READY=1")}, {{"state", "reloading"}}, kNotifyReload},
      {knows, {send("READY=1"), reload(), begin, send("READY=1")}, {{"state", "running"}}, kNotifyReload},
      {knows,
       {send("READY=1"), reload(), send("RELOADING=1\nMONOTONIC_USEC=1009"), send("READY=1")},
       {{"state", "reloading"}},
       kNotifyReload},
      {knows,
       {send("READY=1"), reload(), send("RELOADING=1\nMONOTONIC_USEC=1010"), send("READY=1")},
       {{"state", "running"}},
       kNotifyReload},
      {knows,
       {send("READY=1"), reload(), send("RELOADING=1"), send("READY=1")},
       {{"state", "reloading"}},
       kNotifyReload},
      {knows,
       {send("READY=1"), reload(), send("RELOADING=1\nMONOTONIC_USEC=18446744073709551615"), send("READY=1")},
       {{"state", "reloading"}},
       kNotifyReload},
      {knows,
       {send("READY=1"), reload(), send("MONOTONIC_USEC=1015\nREADY=1\nRELOADING=1")},
       {{"state", "running"}},
       kNotifyReload},
      {knows,
       {send("READY=1"), reload(), send("READY=1\nRELOADING=1")},
       {{"state", "reloading"}},
       kNotifyReload},
      {knows, {send("READY=1"), reload(), send("STOPPING=1")}, {{"state", "stopping"}}, kNotifyReload},
      {knows,
       {send("READY=1"), reload(), reload(), begin, send("READY=1")},
       {{"state", "running"}},
       kNotifyReload},
      // Asked for while a reload of its own will is under way: it waits for the end of that.
      {knows,
       {send("READY=1"), send("RELOADING=1"), reload(), send("READY=1")},
       {{"state", "reloading"}},
       kNotifyReload},
      {knows,
       {send("READY=1"), send("RELOADING=1"), reload(), send("READY=1"),
        send("RELOADING=1\nMONOTONIC_USEC=1030"), send("READY=1")},
       {{"state", "running"}},
       kNotifyReload},
      {kAll, {send("READY=1"), reload()}, {{"state", "running"}}},
      {k252, {}, {{"state", "running"}}, kNotifyReload},
      {k252, {reload()}, {{"state", "running"}}, kNotifyReload},
  });
}

TEST(Service, HasAStatus) {
  check({
      {kAll, {send("STATUS=a=b ")}, {{"status", "a=b "}}},
      {kAll, {send("STATUS=a"), send("STATUS=")}, {{"status", ""}}},
      {kAll, {send("STATUS=\xc3\xa4 \xf0\x9f\x98\x80")}, {{"status", "\xc3\xa4 \xf0\x9f\x98\x80"}}},
      {kAll, {send("STATUS=\xef\xb7\x8f \xef\xb7\xb0")}, {{"status", "\xef\xb7\x8f \xef\xb7\xb0"}}},
      {kSystemd, {send("STATUS=\xef\xb7\xaf")}, {{"status", ""}}},
      {kSystemd, {send("STATUS=\xf0\x9f\xbf\xbf")}, {{"status", ""}}},
      {kAll, {send("STATUS=a"), send("READY=1")}, {{"status", "a"}}},
      {kAll, {send("STATUS=a\nSTATUS=b")}, {{"status", "a"}}},
      {kAll, {send("STATUS=\nSTATUS=b")}, {{"status", ""}}},
      {kSystemd, {send("STATUS=a"), send("STATUS=\xff")}, {{"status", ""}}},
      {kDocumented, {send("STATUS=a"), send("STATUS=\xff")}, {{"status", "a"}}},
      {kDocumented, {send("STATUS=\xff\nSTATUS=b")}, {{"status", "b"}}},
      {kSystemd, {send("STATUS=\xff\nSTATUS=b")}, {{"status", ""}}},
      {kSystemd, {send("STATUS=a"), send("STATUS=\xef\xbf\xbe")}, {{"status", ""}}},
      {kDocumented, {send("STATUS=\xef\xbf\xbe")}, {{"status", "\xef\xbf\xbe"}}},
      {kSystemd, {send("STATUS=a\rb")}, {{"status", "a"}}},
      {kDocumented, {send("STATUS=a\rb")}, {{"status", "a\rb"}}},
      {kSystemd, {send("STATUS=a\\\nb\\\\c")}, {{"status", "a\nb\\c"}}},
      {kDocumented, {send("STATUS=a\\\nb\\\\c")}, {{"status", "a\\"}}},
      {kSystemd, {send("STATUS=a\nREADY=1\\")}, {{"status", ""}, {"state", "starting"}}},
      {kSystemd, {send("RE\\ADY=1")}, {{"state", "running"}}},
  });
}

TEST(Service, DropsDatagramsWhole) {
  const std::string status = "STATUS=" + std::string(4096 - 7, 'a');
  check({
      {kAll, {send("")}, {{"state", "starting"}}},
      {kAll, {send("\n\n")}, {{"state", "starting"}}},
      {kAll, {send(status)}, {{"status", std::string(4096 - 7, 'a')}}},
      {kSystemd, {send(status + "a")}, {{"status", ""}}},
      {kDocumented, {send(status + "a")}, {{"status", std::string(4096 - 6, 'a')}}},
      {kSystemd, {send(std::string("READY=1\0", 8))}, {{"state", "running"}}},
      {kSystemd, {send(std::string("READY=1\0\0", 9))}, {{"state", "starting"}}},
      {kSystemd, {send(std::string("READY=1\n\0STATUS=a", 17))}, {{"state", "starting"}}},
      {kDocumented, {send(std::string("READY=1\n\0STATUS=a", 17))}, {{"state", "running"}}},
  });
}

TEST(Service, KeepsErrors) {
  check({
      {kAll, {send("ERRNO=2")}, {{"errno", "2"}}},
      {kAll, {send("ERRNO=4095"), send("ERRNO=4096")}, {{"errno", "4095"}}},
      {kAll, {send("ERRNO=2"), send("ERRNO=0")}, {{"errno", "0"}}},
      {kAll, {send("ERRNO=2"), send("ERRNO=")}, {{"errno", "2"}}},
      {kSystemd, {send("ERRNO=ENOENT")}, {{"errno", "2"}}},
      {kDocumented, {send("ERRNO=ENOENT")}, {{"errno", "0"}}},
      {kSystemd, {send("ERRNO= 0x10")}, {{"errno", "16"}}},
      {kSystemd, {send("ERRNO=-1")}, {{"errno", "0"}}},
      {kSystemd, {send("ERRNO=bogus\nERRNO=4")}, {{"errno", "0"}}},
      {kDocumented, {send("ERRNO=bogus\nERRNO=4")}, {{"errno", "4"}}},
      {kDocumented | kFrom257,
       {send("BUSERROR=a.b\nVARLINKERROR=c.d")},
       {{"bus_error", "a.b"}, {"varlink_error", "c.d"}}},
      {kDocumented | kFrom257, {send("BUSERROR=a.b"), send("BUSERROR=")}, {{"bus_error", ""}}},
      {kDocumented | kFrom257, {send("BUSERROR=a.b"), send("BUSERROR=\x01")}, {{"bus_error", "a.b"}}},
      {k252 | k254, {send("BUSERROR=a.b\nVARLINKERROR=c.d")}, {{"bus_error", ""}, {"varlink_error", ""}}},
      {kDocumented, {send("BUSERROR=\"a*")}, {{"bus_error", "\"a*"}}},
      {kFrom257, {send("BUSERROR=\"a")}, {{"bus_error", ""}}},
      {k257, {send("BUSERROR=a*")}, {{"bus_error", "a*"}}},
      {k262, {send("BUSERROR=a*")}, {{"bus_error", ""}}},
  });
}

TEST(Service, KnowsItsMainProcess) {
  check({
      {kAll, {send("MAINPID=101")}, {{"main_pid", "child"}}},
      {kAll, {send("MAINPID=101"), send("STATUS=a")}, {{"status", ""}}},
      {kAll, {send("MAINPID=101"), send_as(kChild, "STATUS=a")}, {{"status", "a"}}},
      {kAll, {send("MAINPID=1")}, {{"main_pid", "main"}}},
      {kAll, {send("MAINPID=0")}, {{"main_pid", "main"}}},
      {kAll, {send("MAINPID=2147483648")}, {{"main_pid", "main"}}},
      {kAll, {send("MAINPID=999")}, {{"main_pid", "main"}}},
      {kAll, {send("MAINPID=200")}, {{"main_pid", "stranger"}}},
      {kAll, {send("MAINPID=200"), send_as(kStranger, "STATUS=a")}, {{"status", "a"}}, kOpenToAll},
      {kAll, {send_as(kOtherUid, "MAINPID=200")}, {{"main_pid", "main"}}, kOpenToAll},
      {kAll, {send_as(kOtherUid, "MAINPID=101")}, {{"main_pid", "child"}}, kOpenToAll},
      {kSystemd, {send("MAINPID=0x65")}, {{"main_pid", "child"}}},
      {kDocumented, {send("MAINPID=0x65")}, {{"main_pid", "main"}}},
      {k252 | k254, {send("READY=1"), send("STOPPING=1"), send("MAINPID=101")}, {{"main_pid", "main"}}},
      {kFrom257 | kDocumented,
       {send("READY=1"), send("STOPPING=1"), send("MAINPID=101")},
       {{"main_pid", "child"}}},
      {kAll, {send("WATCHDOG=trigger"), send("MAINPID=101")}, {{"main_pid", "main"}}},
      {k252 | k254, {send("MAINPID=101\nMAINPIDFDID=1")}, {{"main_pid", "child"}}},
      {kFrom257 | kDocumented, {send("MAINPID=101\nMAINPIDFDID=1")}, {{"main_pid", "main"}}},
      {kFrom257 | kDocumented, {send("MAINPID=101\nMAINPIDFDID=7002")}, {{"main_pid", "child"}}},
      {kFrom257 | kDocumented, {send("MAINPID=101\nMAINPIDFDID=x")}, {{"main_pid", "main"}}},
      {kFrom257 | kDocumented, {send("MAINPID=102\nMAINPIDFDID=1")}, {{"main_pid", "other-uid"}}},
      {kFrom257 | kDocumented, {send_fds(1, "MAINPIDFD=1\nMAINPID=101")}, {{"main_pid", "main"}}},
      {kFrom257 | kDocumented, {send("MAINPIDFD=1\nMAINPID=101")}, {{"main_pid", "main"}}},
      {k252 | k254, {send_fds(1, "MAINPIDFD=1\nMAINPID=101")}, {{"main_pid", "child"}}},
      {kFrom257 | kDocumented, {send_fds(1, "MAINPIDFD=1\nFDSTORE=1")}, {{"fds_stored", "0"}}, kThreeFds},
      {kFrom257 | kDocumented, {send_fds(2, "MAINPIDFD=1\nFDSTORE=1")}, {{"fds_stored", "2"}}, kThreeFds},
  });
}

TEST(Service, ListensToWhomItMay) {
  const ServiceSettings none = {.type = ServiceType::kSimple, .notify_access = NotifyAccess::kNone};
  const ServiceSettings watched_none = {
      .type = ServiceType::kSimple, .notify_access = NotifyAccess::kNone, .watchdog_usec = 1};
  const ServiceSettings storing_none = {
      .type = ServiceType::kSimple, .notify_access = NotifyAccess::kNone, .fd_store_max = 1};
  const ServiceSettings exec = {.notify_access = NotifyAccess::kExec};
  check({
      {kAll, {send_as(kChild, "READY=1")}, {{"state", "starting"}}},
      {kAll, {send_as(kChild, "READY=1")}, {{"state", "starting"}}, exec},
      {kAll, {send("READY=1")}, {{"state", "running"}, {"notify_access", "exec"}}, exec},
      {kAll, {send_as(kChild, "READY=1")}, {{"state", "running"}}, kOpenToAll},
      {kAll, {send_as(kOtherUid, "READY=1")}, {{"state", "running"}}, kOpenToAll},
      {kAll, {send_as(kStranger, "READY=1")}, {{"state", "starting"}}, kOpenToAll},
      {kAll, {send_as(kNobody, "READY=1")}, {{"state", "starting"}}, kOpenToAll},
      {kAll, {send("STATUS=a")}, {{"status", ""}, {"notify_access", "none"}}, none},
      {kAll, {}, {{"notify_access", "main"}}, watched_none},
      {kAll, {}, {{"notify_access", "main"}}, storing_none},
      {kAll,
       {send("READY=1")},
       {{"state", "running"}, {"notify_access", "main"}},
       {.notify_access = NotifyAccess::kNone}},
      {kDocumented | kFrom254,
       {send("NOTIFYACCESS=all"), send_as(kChild, "READY=1")},
       {{"state", "running"}, {"notify_access", "all"}}},
      {k252, {send("NOTIFYACCESS=all"), send_as(kChild, "READY=1")}, {{"state", "starting"}}},
      {kDocumented | kFrom254, {send("NOTIFYACCESS=none"), send("READY=1")}, {{"state", "starting"}}},
      {kFrom254, {send("NOTIFYACCESS=all"), send("NOTIFYACCESS=")}, {{"notify_access", "main"}}},
      {kDocumented, {send("NOTIFYACCESS=all"), send("NOTIFYACCESS=")}, {{"notify_access", "all"}}},
  });
}

TEST(Service, WatchesAndExtends) {
  const ServiceSettings watched = {.watchdog_usec = 5};
  check({
      {kAll, {send("WATCHDOG=1")}, {{"watchdog", "kept-alive"}, {"watchdog_usec", "5"}}, watched},
      {kSystemd, {send("WATCHDOG=1")}, {{"watchdog", "none"}}},
      {kSystemd, {send("READY=1\nWATCHDOG=1"), send("STOPPING=1")}, {{"watchdog", "none"}}, watched},
      {kDocumented, {send("READY=1\nWATCHDOG=1"), send("STOPPING=1")}, {{"watchdog", "kept-alive"}}, watched},
      {kSystemd,
       {send("READY=1"), send("STOPPING=1"), send("WATCHDOG=1")},
       {{"watchdog", "kept-alive"}},
       watched},
      {kDocumented, {send("WATCHDOG=1")}, {{"watchdog", "kept-alive"}}},
      {kSystemd, {send("WATCHDOG=1"), send("WATCHDOG_USEC=0")}, {{"watchdog", "none"}}, watched},
      {kSystemd,
       {send("WATCHDOG=1"), send("WATCHDOG_USEC=18446744073709551615")},
       {{"watchdog", "none"}},
       watched},
      {kDocumented, {send("WATCHDOG=1"), send("WATCHDOG_USEC=0")}, {{"watchdog", "kept-alive"}}, watched},
      {kAll, {send("WATCHDOG=trigger")}, {{"watchdog", "triggered"}, {"state", "stopping"}}},
      {kAll, {send("READY=1"), send("WATCHDOG=trigger"), send("WATCHDOG=1")}, {{"watchdog", "triggered"}}},
      {kAll, {send("WATCHDOG=2")}, {{"watchdog", "none"}}},
      {kSystemd, {send("WATCHDOG=2\nWATCHDOG=1")}, {{"watchdog", "none"}}, watched},
      {kDocumented, {send("WATCHDOG=2\nWATCHDOG=1")}, {{"watchdog", "kept-alive"}}},
      {kAll, {send("READY=1")}, {{"watchdog", "none"}}},
      {kAll, {send("READY=1\nWATCHDOG=1")}, {{"watchdog", "kept-alive"}}, watched},
      {kSystemd, {send("WATCHDOG=1"), send("READY=1")}, {{"watchdog", "none"}}, watched},
      {kDocumented, {send("WATCHDOG=1"), send("READY=1")}, {{"watchdog", "kept-alive"}}, watched},
      {kSystemd, {send("WATCHDOG_USEC=7")}, {{"watchdog", "kept-alive"}, {"watchdog_usec", "7"}}},
      {kDocumented, {send("WATCHDOG_USEC=7")}, {{"watchdog", "none"}, {"watchdog_usec", "7"}}},
      {kAll, {send("WATCHDOG_USEC=18446744073709551615")}, {{"watchdog_usec", "18446744073709551615"}}},
      {kAll, {send("WATCHDOG_USEC=10s")}, {{"watchdog_usec", "0"}}},
      {kSystemd, {send("WATCHDOG_USEC=010")}, {{"watchdog_usec", "8"}}},
      {kDocumented, {send("WATCHDOG_USEC=010")}, {{"watchdog_usec", "10"}}},
      {kAll, {send("EXTEND_TIMEOUT_USEC=9")}, {{"extend_timeout_usec", "9"}}},
      {kSystemd,
       {send("EXTEND_TIMEOUT_USEC=9"), send("EXTEND_TIMEOUT_USEC=18446744073709551615")},
       {{"extend_timeout_usec", "9"}}},
      {kSystemd,
       {send("EXTEND_TIMEOUT_USEC=9"), send("EXTEND_TIMEOUT_USEC=0")},
       {{"extend_timeout_usec", "9"}}},
      {kDocumented,
       {send("EXTEND_TIMEOUT_USEC=9"), send("EXTEND_TIMEOUT_USEC=0")},
       {{"extend_timeout_usec", "0"}}},
      {kDocumented, {send("RESTART_RESET=1")}, {{"restart_reset", "yes"}}},
      {kSystemd, {send("RESTART_RESET=1")}, {{"restart_reset", "no"}}},
      {k262 | kDocumented, {send("READY=1\nRESTART_RESET=1")}, {{"restart_reset", "yes"}}},
      {k252 | k254 | k257, {send("READY=1\nRESTART_RESET=1")}, {{"restart_reset", "no"}}},
  });
}

TEST(Service, StoresFds) {
  check({
      {kAll, {send_fds(1, "FDSTORE=1")}, {{"fds_stored", "0"}}},
      {kAll, {send_fds(1, "FDSTORE=1")}, {{"fds_stored", "1"}, {"fd_names", "stored"}}, kThreeFds},
      {kAll,
       {send_fds(2, "FDSTORE=1\nFDNAME=b"), send_fds(2, "FDSTORE=1\nFDNAME=a")},
       {{"fd_names", "a b b"}},
       kThreeFds},
      {kAll, {send_fds(1, "FDSTORE=1\nFDNAME=a:b")}, {{"fd_names", "stored"}}, kThreeFds},
      {kSystemd, {send_fds(1, "FDSTORE=1\nFDNAME=")}, {{"fd_names", ""}, {"fds_stored", "1"}}, kThreeFds},
      {kDocumented, {send_fds(1, "FDSTORE=1\nFDNAME=")}, {{"fd_names", "stored"}}, kThreeFds},
      {kAll,
       {send_fds(1, "FDSTORE=1\nFDNAME=a"), send_fds(2, "FDSTORE=1\nFDNAME=b"),
        send("FDSTOREREMOVE=1\nFDNAME=b")},
       {{"fd_names", "a"}},
       kThreeFds},
      {kAll, {send_fds(1, "FDSTORE=1"), send("FDSTOREREMOVE=1")}, {{"fds_stored", "1"}}, kThreeFds},
      {kAll, {send_fds(1, "FDSTORE=1\nFDSTOREREMOVE=1\nFDNAME=a")}, {{"fds_stored", "0"}}, kThreeFds},
      {kAll, {send_fds(1, "FDNAME=a")}, {{"fds_stored", "0"}}, kThreeFds},
      {kAll, {send("FDSTORE=1")}, {{"fds_stored", "0"}}, kThreeFds},
  });
}

TEST(Service, TakesABarrierAlone) {
  Service service(find_profile("systemd-262").value(), {}, everybody());
  EXPECT_EQ(service.take({.bytes = "BARRIER=1", .pid = kStranger, .n_fds = 1}), Fate::kBarrier);
  EXPECT_EQ(service.take({.bytes = "BARRIER=1\nREADY=1", .pid = kMain, .n_fds = 1}), Fate::kBarrier);
  EXPECT_EQ(service.take({.bytes = "READY=1\nBARRIER=1", .pid = kMain}), Fate::kBarrier);
  EXPECT_EQ(service.state(), State::kStarting);
  EXPECT_EQ(service.take({.bytes = "BARRIER=2\nREADY=1", .pid = kMain}), Fate::kTaken);
  EXPECT_EQ(service.state(), State::kRunning);
}

TEST(Service, SaysWhatBecameOfADatagram) {
  Service service(find_profile("systemd-262").value(), kThreeFds, everybody());
  EXPECT_EQ(service.take({.bytes = "READY=1", .pid = kMain, .truncated = true}), Fate::kDropped);
  EXPECT_EQ(service.take({.bytes = "READY=1\\", .pid = kMain}), Fate::kDropped);
  EXPECT_EQ(service.take({.bytes = "READY=1", .pid = kChild, .n_fds = 2}), Fate::kRefused);
  EXPECT_EQ(service.take({.bytes = "FDSTORE=1", .pid = kMain, .n_fds = 1}), Fate::kTaken);
  ASSERT_EQ(service.stored_fds().size(), 1U);
  EXPECT_EQ(service.stored_fds()[0], (StoredFd{.serial = 2, .name = "stored"}));
  EXPECT_EQ(service.n_fds_seen(), 3U);
}

TEST(Service, WithoutAMainProcessHearsOnlyAll) {
  Service service(find_profile("documented").value(), {}, Processes());
  EXPECT_EQ(service.take({.bytes = "READY=1", .pid = 0}), Fate::kRefused);
  const Conclusion conclusion = service.conclude();
  EXPECT_EQ(Members(conclusion.begin(), conclusion.end()).at("main_pid"), "none");
}

TEST(Service, HearsNobodyByAnAccessThatNobodyKnows) {
  Service service(find_profile("documented").value(), {.notify_access = static_cast<NotifyAccess>(4)},
                  everybody());
  EXPECT_EQ(service.take({.bytes = "READY=1", .pid = kMain}), Fate::kRefused);
}

TEST(ServiceType, HasNames) {
  EXPECT_EQ(find_service_type("notify-reload"), ServiceType::kNotifyReload);
  EXPECT_EQ(find_service_type("simple"), ServiceType::kSimple);
  EXPECT_EQ(find_service_type("dbus"), std::nullopt);
}

}  // namespace
}  // namespace notifyspec::model
