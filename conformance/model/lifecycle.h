// The lifecycle of a service as its manager sees it, through what the service says.
//
// Rules (sd_notify(3); systemd.service(5), Type=): a service starts, and READY=1 ends that. RELOADING=1
// begins a reload of its own will, READY=1 ends it; both in one message are a reload that is over. Where the
// manager asked for the reload (Type=notify-reload), it waits for a RELOADING=1 whose MONOTONIC_USEC is not
// before the asking, so that the answer to an earlier asking is not taken for this one. STOPPING=1 begins the
// stop. WATCHDOG=trigger aborts from wherever it stands. What no row of the table in lifecycle.cc says
// changes nothing; the code fires the table and decides nothing. A service is never seen to end here: that is
// not said, it happens.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/profile.h"

namespace notifyspec::model {

enum class State : std::uint8_t {
  kStarting,
  kRunning,
  kReloadAsked,  ///< the manager asked for a reload, and the service has not said that it begins
  kReloading,
  kStopping,
  kAborting,  ///< the watchdog's action is under way
};

enum class Event : std::uint8_t {
  kReady,
  kReloading,
  kReloaded,  ///< RELOADING=1 and READY=1 in one message
  kStopping,
  kReloadAsked,
  kWatchdog,
};

/// For people, and in conclusions: "starting", "running", "reloading", "stopping".
std::string_view name(State state);

/// When an event happened, CLOCK_MONOTONIC in microseconds.
struct Moment {
  std::uint64_t seen_usec = 0;             ///< by the manager
  std::optional<std::uint64_t> said_usec;  ///< by the service: MONOTONIC_USEC
};

class Lifecycle {
 public:
  /// A service that is starting, or one that runs from its first moment on.
  Lifecycle(State first, const Profile& profile) : profile_(&profile), state_(first) {}

  State state() const { return state_; }

  void fire(Event event, const Moment& moment);

 private:
  const Profile* profile_;
  State state_;
  bool stop_said_ = false;
  bool reload_waits_ = false;                       ///< asked for while the service reloads of its own will
  std::optional<std::uint64_t> reload_asked_usec_;  ///< of the reload that is under way
};

}  // namespace notifyspec::model
