#include "model/signal.h"

#include <algorithm>
#include <array>

namespace notifyspec::model {
namespace {

using enum ManagerKind;
using enum EffectKind;

// SIGUSR1 has no row: that a manager tries to connect to a bus that it is connected to cannot be told from
// outside. kexec needs a loaded kernel, and a container has none to load: those two are left to the VM.
constexpr std::array kEffects = {
    SignalEffect{"SIGTERM", kSystem, 0, kReexec, "", "container"},
    SignalEffect{"SIGINT", kSystem, 0, kShutdown, "", "container"},
    SignalEffect{"SIGWINCH", kSystem, 0, kProperty, "kbrequest.target=active", "container"},
    SignalEffect{"SIGPWR", kSystem, 0, kProperty, "sigpwr.target=active", "container"},
    SignalEffect{"SIGUSR2", kSystem, 0, kProperty, "dump=logged", "container"},
    SignalEffect{"SIGHUP", kSystem, 0, kReload, "", "container"},
    SignalEffect{"SIGRTMIN+0", kSystem, 0, kProperty, "default.target=active", "container"},
    SignalEffect{"SIGRTMIN+1", kSystem, 0, kProperty, "rescue.target=active", "container"},
    SignalEffect{"SIGRTMIN+2", kSystem, 0, kProperty, "emergency.service=active", "container"},
    SignalEffect{"SIGRTMIN+3", kSystem, 0, kShutdown, "halt", "container"},
    SignalEffect{"SIGRTMIN+4", kSystem, 0, kShutdown, "poweroff", "container"},
    SignalEffect{"SIGRTMIN+5", kSystem, 0, kShutdown, "reboot", "container"},
    SignalEffect{"SIGRTMIN+6", kSystem, 0, kShutdown, "kexec", "vm"},
    SignalEffect{"SIGRTMIN+7", kSystem, 254, kSoftReboot, "", "container"},
    SignalEffect{"SIGRTMIN+13", kSystem, 0, kShutdown, "halt", "container"},
    SignalEffect{"SIGRTMIN+14", kSystem, 0, kShutdown, "poweroff", "container"},
    SignalEffect{"SIGRTMIN+15", kSystem, 0, kShutdown, "reboot", "container"},
    SignalEffect{"SIGRTMIN+16", kSystem, 0, kShutdown, "kexec", "vm"},
    SignalEffect{"SIGRTMIN+17", kSystem, 254, kSoftReboot, "", "container"},
    SignalEffect{"SIGRTMIN+20", kSystem, 0, kProperty, "show-status=yes", "container"},
    SignalEffect{"SIGRTMIN+21", kSystem, 0, kProperty, "show-status=no", "container"},
    SignalEffect{"SIGRTMIN+22", kSystem, 0, kProperty, "log-level=debug", "container"},
    SignalEffect{"SIGRTMIN+23", kSystem, 239, kProperty, "log-level=configured", "container"},
    SignalEffect{"SIGRTMIN+25", kSystem, 250, kReexec, "", "container"},
    SignalEffect{"SIGRTMIN+26", kSystem, 239, kProperty, "log-target=configured", "container"},
    SignalEffect{"SIGRTMIN+27", kSystem, 239, kProperty, "log-target=console", "container"},
    SignalEffect{"SIGRTMIN+28", kSystem, 239, kProperty, "log-target=kmsg", "container"},
    SignalEffect{"SIGTERM", kUser, 0, kShutdown, "", "container"},
    SignalEffect{"SIGINT", kUser, 0, kShutdown, "", "container"},
    SignalEffect{"SIGUSR2", kUser, 0, kProperty, "dump=logged", "container"},
    SignalEffect{"SIGHUP", kUser, 0, kReload, "", "container"},
    SignalEffect{"SIGRTMIN+22", kUser, 0, kProperty, "log-level=debug", "container"},
    SignalEffect{"SIGRTMIN+23", kUser, 239, kProperty, "log-level=configured", "container"},
    SignalEffect{"SIGRTMIN+24", kUser, 195, kShutdown, "", "container"},
    SignalEffect{"SIGRTMIN+25", kUser, 250, kReexec, "", "container"},
    SignalEffect{"SIGRTMIN+26", kUser, 239, kProperty, "log-target=configured", "container"},
    SignalEffect{"SIGRTMIN+27", kUser, 239, kProperty, "log-target=console", "container"},
    SignalEffect{"SIGRTMIN+28", kUser, 239, kProperty, "log-target=kmsg", "container"},
};

}  // namespace

std::string_view name(ManagerKind kind) {
  return kind == kSystem ? "system" : "user";
}

std::string_view name(EffectKind kind) {
  switch (kind) {
    case kProperty:
      return "property";
    case kReload:
      return "reload";
    case kReexec:
      return "reexec";
    case kShutdown:
      return "shutdown";
    case kSoftReboot:
      return "soft-reboot";
  }
  return "unknown";
}

std::span<const SignalEffect> signal_effects() {
  return kEffects;
}

const SignalEffect* find_signal(ManagerKind manager, std::string_view signal) {
  const auto* row = std::ranges::find_if(kEffects, [&](const SignalEffect& effect) {
    return effect.manager == manager && effect.signal == signal;
  });
  return row == kEffects.end() ? nullptr : row;
}

}  // namespace notifyspec::model
