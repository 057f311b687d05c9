// THE table of signals: what each signal of systemd(1), section "Signals", does to which kind of manager.
//
// Rule: an effect is written down as something that can be seen from outside: a shutdown, a reload, or a
// sentence that the manager says of itself afterwards. Does not send anything.
#pragma once

#include <span>
#include <string_view>

namespace notifyspec::model {

enum class ManagerKind { kSystem, kUser };

enum class EffectKind {
  kProperty,    ///< the manager says `detail` of itself: an observation "signal-effect"
  kReload,      ///< RELOADING=1, then READY=1
  kReexec,      ///< the manager executes itself anew, and speaks again: READY=1, or its signals level
  kShutdown,    ///< the manager ends; `detail` is the verb, empty where the text names none
  kSoftReboot,  ///< a new life begins: RELOADING=1, then READY=1
};

struct SignalEffect {
  std::string_view signal;  ///< "SIGRTMIN+3", as systemd(1) spells it
  ManagerKind manager;
  int since;  ///< systemd version that brought it; 0: older than all that are tested
  EffectKind kind;
  std::string_view detail;
  std::string_view where;  ///< "container", or "vm" where a container cannot show the effect
};

/// "system", "user".
std::string_view name(ManagerKind kind);
/// "property", "reload", "reexec", "shutdown", "soft-reboot".
std::string_view name(EffectKind kind);

/// All rows.
std::span<const SignalEffect> signal_effects();

/// The row for this manager, or nullptr: no text says what the signal does to it.
const SignalEffect* find_signal(ManagerKind manager, std::string_view signal);

}  // namespace notifyspec::model
