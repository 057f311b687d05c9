#include "model/lifecycle.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace notifyspec::model {
namespace {

constexpr std::array kEvents = {Event::kReady,    Event::kReloading,   Event::kReloaded,
                                Event::kStopping, Event::kReloadAsked, Event::kWatchdog};
constexpr std::array kStates = {State::kStarting,  State::kRunning,  State::kReloadAsked,
                                State::kReloading, State::kStopping, State::kAborting};

/// By state and event, in the order of the arrays: the first letter of the next state, '?' for asked.
struct Expected {
  std::string_view profile;
  std::array<std::string_view, 6> timely, untimely;
};

constexpr std::string_view kLetters = "sr?lpa";  // starting, running, asked, reloading, stopping, aborting

State reach(Lifecycle& life, State state) {
  const auto fire = [&](Event event) { life.fire(event, {.seen_usec = 100, .said_usec = 200}); };
  if (state == State::kReloadAsked) fire(Event::kReloadAsked);
  if (state == State::kReloading) fire(Event::kReloading);
  if (state == State::kStopping) fire(Event::kStopping);
  if (state == State::kAborting) fire(Event::kWatchdog);
  return life.state();
}

TEST(Lifecycle, GoesFromEachStateOnEachEventAsItsTableSays) {
  const std::array<Expected, 3> table = {{
      {"documented",
       {"rsrpsa", "rlrp?a", "?lrp?a", "rlrpla", "pppppa", "aaaaaa"},
       {"rsrpsa", "rlrp?a", "???p?a", "rlrpla", "pppppa", "aaaaaa"}},
      {"systemd-262",
       {"rsrssa", "rlrp?a", "?lrp?a", "rlrpla", "pppppa", "aaaaaa"},
       {"rsrssa", "rlrp?a", "???p?a", "rlrpla", "pppppa", "aaaaaa"}},
      {"systemd-252",
       {"rsrssa", "rlrp?a", "?lrp?a", "rlrlla", "pppppa", "aaaaaa"},
       {"rsrssa", "rlrp?a", "???p?a", "rlrlla", "pppppa", "aaaaaa"}},
  }};
  for (const Expected& expected : table) {
    const Profile profile = find_profile(expected.profile).value();
    for (std::size_t from = 0; from < kStates.size(); ++from) {
      for (std::size_t event = 0; event < kEvents.size(); ++event) {
        for (const bool timely : {true, false}) {
          const State first = from == 0 ? State::kStarting : State::kRunning;
          Lifecycle life(first, profile);
          ASSERT_EQ(reach(life, kStates[from]), kStates[from]);
          life.fire(kEvents[event], {.seen_usec = 300, .said_usec = timely ? 100 : 99});
          const char letter = kLetters[static_cast<std::size_t>(life.state())];
          EXPECT_EQ(letter, (timely ? expected.timely : expected.untimely)[from][event])
              << expected.profile << ' ' << name(kStates[from]) << ' ' << event
              << (timely ? "" : " untimely");
        }
      }
    }
  }
}

TEST(Lifecycle, NeedsATimeWhereAReloadWasAskedFor) {
  const Profile profile = find_profile("systemd-262").value();
  Lifecycle life(State::kRunning, profile);
  life.fire(Event::kReloadAsked, {.seen_usec = 0, .said_usec = {}});
  life.fire(Event::kReloading, {.seen_usec = 1, .said_usec = {}});
  EXPECT_EQ(life.state(), State::kReloadAsked);
  life.fire(Event::kReloading, {.seen_usec = 1, .said_usec = 0});
  EXPECT_EQ(life.state(), State::kReloading);
}

TEST(Lifecycle, HasWordsForItsStates) {
  const std::array<std::string_view, 6> words = {"starting",  "running",  "reloading",
                                                 "reloading", "stopping", "stopping"};
  for (std::size_t i = 0; i < kStates.size(); ++i) EXPECT_EQ(name(kStates[i]), words[i]);
}

}  // namespace
}  // namespace notifyspec::model
