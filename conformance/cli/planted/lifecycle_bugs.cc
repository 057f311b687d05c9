// Receivers that draw the wrong conclusion from what they read rightly: states, reloads, watchdog, time-outs.
#include <algorithm>
#include <array>
#include <ranges>
#include <string>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"

namespace notifyspec::cli {
namespace {

using model::Quirk;
using model::State;

template <const char* name>
void drop(std::string& data) {
  drop_lines(data, name);
}

constexpr char kReady[] = "READY", kReloading[] = "RELOADING", kStopping[] = "STOPPING", kErrno[] = "ERRNO",
               kExtend[] = "EXTEND_TIMEOUT_USEC", kWatchdog[] = "WATCHDOG", kWatchdogUsec[] = "WATCHDOG_USEC",
               kRestartReset[] = "RESTART_RESET";

/// A time that no asking is older than.
constexpr std::string_view kLater = "MONOTONIC_USEC=9223372036854775807";

std::string in_milliseconds(std::string_view value) {
  return std::string(value) + (value.find_first_not_of("0123456789") == std::string_view::npos ? "000" : "");
}

const std::array kBugs = {
    ReceiverBug{.name = "any-message-is-ready",
                .what = "It takes a service that says anything for one that has started.",
                .bytes =
                    [](std::string& data) {
                      if (!data.empty()) add_line(data, "READY=1");
                    }},
    ReceiverBug{.name = "no-ready", .what = "It ignores READY=1.", .bytes = drop<kReady>},
    ReceiverBug{.name = "no-reloading", .what = "It ignores RELOADING=1.", .bytes = drop<kReloading>},
    ReceiverBug{.name = "no-stopping", .what = "It ignores STOPPING=1.", .bytes = drop<kStopping>},
    ReceiverBug{.name = "no-errno", .what = "It ignores ERRNO=.", .bytes = drop<kErrno>},
    ReceiverBug{.name = "repeated-ready-is-an-error",
                .what = "It dies of a READY=1 of a service that runs.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.service.state() == State::kRunning && has_line(letter.data, "READY=1")) die();
                    }},
    ReceiverBug{.name = "repeated-ready-toggles",
                .what = "It takes a second READY=1 for the end.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.service.state() == State::kRunning && has_line(letter.data, "READY=1"))
                        letter.data = "STOPPING=1";
                    }},
    ReceiverBug{.name = "stopping-not-final",
                .what = "It lets READY=1 and RELOADING=1 count after STOPPING=1.",
                .answers = answer_with<Quirk::kStopIsFinal, false>},
    ReceiverBug{.name = "back-from-stopping",
                .what = "It lets a READY=1 bring back a service that has said STOPPING=1.",
                .batch =
                    [](std::vector<os::Letter>& letters, Scene&) {
                      bool comes_back = false;
                      for (os::Letter& letter : std::ranges::reverse_view(letters)) {
                        if (comes_back) drop_lines(letter.data, kStopping);
                        comes_back |=
                            has_line(letter.data, "READY=1") && !has_line(letter.data, "STOPPING=1");
                      }
                    }},
    ReceiverBug{.name = "last-lifecycle-wins",
                .what = "Of READY=1, RELOADING=1 and STOPPING=1 in one message it takes the last alone.",
                .answers = answer_with<Quirk::kLastLifecycleWins, true>},
    ReceiverBug{.name = "ready-beats-stopping",
                .what = "In one message it lets READY=1 go before STOPPING=1.",
                .bytes =
                    [](std::string& data) {
                      if (has_line(data, "READY=1")) drop_lines(data, "STOPPING");
                    }},
    ReceiverBug{.name = "reloading-beats-ready",
                .what = "In one message it lets RELOADING=1 go before READY=1.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.service.state() != State::kStarting && has_line(letter.data, "RELOADING=1"))
                        drop_lines(letter.data, "READY");
                    }},
    ReceiverBug{.name = "stopping-ends-start",
                .what = "It shows a service as stopping that says STOPPING=1 while it starts.",
                .answers = answer_with<Quirk::kStopWaitsForStart, false>},
    ReceiverBug{.name = "stopping-waits-for-reload",
                .what = "It passes over the STOPPING=1 of a service that reloads.",
                .answers = answer_with<Quirk::kStopWaitsForReload, true>},
    ReceiverBug{.name = "reloading-ends-start",
                .what = "It takes a service that says RELOADING=1 while it starts for one that has started.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.service.state() == State::kStarting && has_line(letter.data, "RELOADING=1"))
                        add_line(letter.data, "READY=1");
                    }},
    ReceiverBug{.name = "no-notify-reload",
                .what = "It knows no Type=notify-reload.",
                .answers = answer_with<Quirk::kNotifyReload, false>},
    ReceiverBug{.name = "reload-without-time",
                .what = "It takes a RELOADING=1 without MONOTONIC_USEC= for the answer to its asking.",
                .bytes =
                    [](std::string& data) {
                      if (has_line(data, "RELOADING=1") && !value_of(data, "MONOTONIC_USEC"))
                        add_line(data, kLater);
                    }},
    ReceiverBug{.name = "reload-of-any-time",
                .what = "It does not compare MONOTONIC_USEC= with when it asked.",
                .bytes =
                    [](std::string& data) {
                      if (!value_of(data, "MONOTONIC_USEC")) return;
                      drop_lines(data, "MONOTONIC_USEC");
                      add_line(data, kLater);
                    }},
    ReceiverBug{.name = "reload-never-timely",
                .what = "It compares MONOTONIC_USEC= with another clock, and takes no answer for one.",
                .bytes = [](std::string& data) { drop_lines(data, "MONOTONIC_USEC"); }},
    ReceiverBug{.name = "ready-ends-reload-that-never-began",
                .what = "It takes a READY=1 for the end of a reload that it asked for, though none began.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.service.state() != State::kReloadAsked || !has_line(letter.data, "READY=1"))
                        return;
                      add_line(letter.data, "RELOADING=1");
                      add_line(letter.data, kLater);
                    }},
    ReceiverBug{.name = "no-keep-alive",
                .what = "It ignores WATCHDOG=1.",
                .bytes =
                    [](std::string& data) {
                      if (has_line(data, "WATCHDOG=1")) drop_lines(data, "WATCHDOG");
                    }},
    ReceiverBug{.name = "no-trigger",
                .what = "It ignores WATCHDOG=trigger.",
                .bytes =
                    [](std::string& data) {
                      if (!has_line(data, "WATCHDOG=1")) drop_lines(data, "WATCHDOG");
                    }},
    ReceiverBug{.name = "trigger-is-keep-alive",
                .what = "It takes WATCHDOG=trigger for a keep-alive.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {kWatchdog}, [](std::string_view value) {
                        return std::string(value == "trigger" ? "1" : value);
                      });
                    }},
    ReceiverBug{.name = "any-keep-alive",
                .what = "It takes every other value of WATCHDOG= for a keep-alive.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {kWatchdog}, [](std::string_view value) {
                        return std::string(value == "trigger" ? "trigger" : "1");
                      });
                    }},
    ReceiverBug{.name = "trigger-by-prefix",
                .what = "It takes every value of WATCHDOG= that begins with trigger for it.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {kWatchdog}, [](std::string_view value) {
                        return std::string(value.starts_with("trigger") ? "trigger" : value);
                      });
                    }},
    ReceiverBug{.name = "trigger-needs-watchdog",
                .what = "It ignores WATCHDOG=trigger of a service without a watchdog.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.concluded("watchdog_usec") == "0") drop_lines(letter.data, kWatchdog);
                    }},
    ReceiverBug{
        .name = "no-watchdog-usec", .what = "It ignores WATCHDOG_USEC=.", .bytes = drop<kWatchdogUsec>},
    ReceiverBug{.name = "watchdog-never-off",
                .what = "It ignores WATCHDOG_USEC=0.",
                .bytes =
                    [](std::string& data) {
                      if (value_of(data, kWatchdogUsec) == "0") drop_lines(data, kWatchdogUsec);
                    }},
    ReceiverBug{.name = "watchdog-in-milliseconds",
                .what = "It takes the number of WATCHDOG_USEC= for milliseconds.",
                .bytes = [](std::string& data) { change_values(data, {kWatchdogUsec}, in_milliseconds); }},
    ReceiverBug{.name = "no-extension", .what = "It ignores EXTEND_TIMEOUT_USEC=.", .bytes = drop<kExtend>},
    ReceiverBug{.name = "extension-unbounded",
                .what = "It takes an extension by nothing, or for ever.",
                .answers = answer_with<Quirk::kBoundedExtension, false>},
    ReceiverBug{.name = "extension-never-shortened",
                .what = "It ignores an extension that is shorter than the one before.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      const auto usec = value_of(letter.data, kExtend);
                      const std::string before = scene.concluded("extend_timeout_usec");
                      if (usec &&
                          (usec->size() < before.size() || (usec->size() == before.size() && *usec < before)))
                        drop_lines(letter.data, kExtend);
                    }},
    ReceiverBug{
        .name = "no-restart-reset", .what = "It ignores RESTART_RESET=1.", .bytes = drop<kRestartReset>},
    ReceiverBug{.name = "simple-waits-for-ready",
                .what = "It waits for READY=1 of a service of Type=simple.",
                .told =
                    [](Told told) {
                      if (told.settings.type == model::ServiceType::kSimple)
                        told.settings.type = model::ServiceType::kNotify;
                    }},
    ReceiverBug{.name = "feeds-any-watchdog",
                .what = "It notes a WATCHDOG=1 of a service that has no watchdog.",
                .answers = answer_with<Quirk::kOnlyARunningWatchdogIsFed, false>},
};

}  // namespace

std::span<const ReceiverBug> lifecycle_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
