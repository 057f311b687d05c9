#include "model/lifecycle.h"

#include <algorithm>
#include <array>
#include <utility>

namespace notifyspec::model {
namespace {

enum class Guard : std::uint8_t {
  kAlways,
  kTimely,  ///< MONOTONIC_USEC is there and not before the asking
  kUnless,  ///< the profile has not the quirk
};

struct Transition {
  State from;
  Event event;
  State to;
  Guard guard = Guard::kAlways;
  Quirk quirk = {};
};

constexpr std::array kTransitions = {
    Transition{State::kStarting, Event::kReady, State::kRunning},
    Transition{State::kStarting, Event::kReloaded, State::kRunning},
    Transition{State::kStarting, Event::kStopping, State::kStopping, Guard::kUnless,
               Quirk::kStopWaitsForStart},
    Transition{State::kRunning, Event::kReloading, State::kReloading},
    Transition{State::kRunning, Event::kReloadAsked, State::kReloadAsked},
    Transition{State::kRunning, Event::kStopping, State::kStopping},
    Transition{State::kReloadAsked, Event::kReloading, State::kReloading, Guard::kTimely},
    Transition{State::kReloadAsked, Event::kReloaded, State::kRunning, Guard::kTimely},
    Transition{State::kReloadAsked, Event::kStopping, State::kStopping},
    Transition{State::kReloading, Event::kReady, State::kRunning},
    Transition{State::kReloading, Event::kReloaded, State::kRunning},
    Transition{State::kReloading, Event::kStopping, State::kStopping, Guard::kUnless,
               Quirk::kStopWaitsForReload},
    Transition{State::kStarting, Event::kWatchdog, State::kAborting},
    Transition{State::kRunning, Event::kWatchdog, State::kAborting},
    Transition{State::kReloadAsked, Event::kWatchdog, State::kAborting},
    Transition{State::kReloading, Event::kWatchdog, State::kAborting},
    Transition{State::kStopping, Event::kWatchdog, State::kAborting},
};

const Transition* find_transition(State from, Event event) {
  const auto* const row = std::ranges::find_if(
      kTransitions, [&](const Transition& each) { return each.from == from && each.event == event; });
  return row == kTransitions.end() ? nullptr : row;
}

bool is_refused_once_stopping(Event event) {
  return event == Event::kReady || event == Event::kReloading || event == Event::kReloaded;
}

}  // namespace

std::string_view name(State state) {
  constexpr std::array<std::string_view, 6> kStateNames = {"starting",  "running",  "reloading",
                                                           "reloading", "stopping", "stopping"};
  return kStateNames[static_cast<std::size_t>(state)];
}

void Lifecycle::fire(Event event, const Moment& moment) {
  if (stop_said_ && profile_->has(Quirk::kStopIsFinal) && is_refused_once_stopping(event)) return;
  stop_said_ |= event == Event::kStopping;
  const bool by_own_will = state_ == State::kReloading && !reload_asked_usec_;
  reload_waits_ |= event == Event::kReloadAsked && by_own_will;

  const Transition* const row = find_transition(state_, event);
  if (row == nullptr) return;
  if (row->guard == Guard::kUnless && profile_->has(row->quirk)) return;
  const bool timely = moment.said_usec && *moment.said_usec >= reload_asked_usec_;
  if (row->guard == Guard::kTimely && !timely) return;
  state_ = row->to;
  if (state_ == State::kReloadAsked) reload_asked_usec_ = moment.seen_usec;
  if (state_ != State::kRunning) return;
  reload_asked_usec_.reset();
  if (std::exchange(reload_waits_, false)) fire(Event::kReloadAsked, moment);
}

}  // namespace notifyspec::model
