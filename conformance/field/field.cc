#include "field/field.h"

#include <algorithm>
#include <array>

namespace notifyspec::field {
namespace {

using enum ValueType;
using enum Direction;

constexpr std::string_view kAssignments = "sd_notify(3), Well-Known Assignments";
constexpr std::string_view kReadiness = "systemd(1), Readiness Protocol";

constexpr std::array kFields = {
    Field{"READY", kFlag, kBoth, 0, kAssignments, "start-up or a reload is finished"},
    Field{"RELOADING", kFlag, kBoth, 217, kAssignments, "a reload begins; READY=1 follows"},
    Field{"STOPPING", kFlag, kDown, 217, kAssignments, "the shutdown of the service begins"},
    Field{"MONOTONIC_USEC", kUsec, kBoth, 253, kAssignments, "CLOCK_MONOTONIC when the message was made"},
    Field{"STATUS", kText, kBoth, 233, kAssignments, "one line about the state, for people"},
    Field{"NOTIFYACCESS", kNotifyAccess, kDown, 254, kAssignments, "who may send, from now on"},
    Field{"ERRNO", kErrno, kBoth, 233, kAssignments, "why it failed, as errno"},
    Field{"BUSERROR", kErrorName, kDown, 233, kAssignments, "why it failed, as D-Bus error name"},
    Field{"VARLINKERROR", kErrorName, kDown, 257, kAssignments, "why it failed, as Varlink error name"},
    Field{"EXIT_STATUS", kExitStatus, kBoth, 254, kAssignments, "exit status of the service or the manager"},
    Field{"MAINPID", kPid, kDown, 233, kAssignments, "the service's main process"},
    Field{"MAINPIDFDID", kUnsigned, kDown, 257, kAssignments, "inode number of the main process's pidfd"},
    Field{"MAINPIDFD", kFlag, kDown, 257, kAssignments, "the pidfd of the main process comes along"},
    Field{"WATCHDOG", kWatchdog, kDown, 0, kAssignments, "keep-alive, or a demand for the watchdog's action"},
    Field{"WATCHDOG_USEC", kUsec, kDown, 233, kAssignments, "new watchdog interval"},
    Field{"EXTEND_TIMEOUT_USEC", kUsec, kDown, 236, kAssignments,
          "the time-out of the current state is extended"},
    Field{"RESTART_RESET", kFlag, kDown, 258, kAssignments, "the restart counter begins anew"},
    Field{"FDSTORE", kFlag, kDown, 219, kAssignments, "keep the file descriptors that come along"},
    Field{"FDSTOREREMOVE", kFlag, kDown, 236, kAssignments, "forget the file descriptors named by FDNAME"},
    Field{"FDNAME", kFdName, kDown, 233, kAssignments, "name of the file descriptors"},
    Field{"FDPOLL", kZeroFlag, kDown, 246, kAssignments, "do not watch the file descriptors for hang-up"},
    Field{"BARRIER", kFlag, kDown, 246, kAssignments,
          "close the one file descriptor once all before is processed"},
    Field{"X_SYSTEMD_HOSTNAME", kHostname, kUp, 256, kReadiness, "initial hostname of the system"},
    Field{"X_SYSTEMD_MACHINE_ID", kMachineId, kUp, 256, kReadiness, "machine ID of the system"},
    Field{"X_SYSTEMD_SIGNALS_LEVEL", kUnsigned, kUp, 256, kReadiness,
          "signal handlers of this level are installed"},
    Field{"X_SYSTEMD_UNIT_ACTIVE", kUnitName, kUp, 256, kReadiness, "a target unit became active"},
    Field{"X_SYSTEMD_UNIT_INACTIVE", kUnitName, kUp, 256, kReadiness, "a target unit stopped being active"},
    Field{"X_SYSTEMD_SHUTDOWN", kShutdown, kUp, 256, kReadiness, "kind of shutdown, very shortly before it"},
    Field{"X_SYSTEMD_REBOOT_PARAMETER", kText, kUp, 256, kReadiness, "reboot argument as configured"},
};

}  // namespace

std::string_view name(ValueType type) {
  switch (type) {
    case kFlag:
      return "flag";
    case kZeroFlag:
      return "zero-flag";
    case kWatchdog:
      return "watchdog";
    case kText:
      return "text";
    case kUnsigned:
      return "unsigned";
    case kUsec:
      return "usec";
    case kPid:
      return "pid";
    case kErrno:
      return "errno";
    case kExitStatus:
      return "exit-status";
    case kErrorName:
      return "error-name";
    case kFdName:
      return "fd-name";
    case kNotifyAccess:
      return "notify-access";
    case kHostname:
      return "hostname";
    case kMachineId:
      return "machine-id";
    case kUnitName:
      return "unit-name";
    case kShutdown:
      return "shutdown";
  }
  return "unknown";
}

std::string_view name(Direction direction) {
  switch (direction) {
    case kDown:
      return "down";
    case kUp:
      return "up";
    case kBoth:
      return "both";
  }
  return "unknown";
}

std::span<const Field> fields() {
  return kFields;
}

const Field* find(std::string_view wanted) {
  const auto* row = std::ranges::find(kFields, wanted, &Field::name);
  return row == kFields.end() ? nullptr : row;
}

}  // namespace notifyspec::field
