// Receivers that go wrong about duplicates, and about the fields that a supervised manager sends.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <ranges>
#include <set>
#include <string>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"

namespace notifyspec::cli {
namespace {

using model::Quirk;

/// Each name once, with the value of its last line.
void keep_last(std::string& data) {
  Lines lines = split_lines(data);
  std::set<std::string, std::less<>> seen;
  for (std::string& line : std::ranges::reverse_view(lines))
    if (const auto name = name_in(line); name && !seen.emplace(*name).second) line.clear();
  data = join_lines(lines);
}

void count_level_as_old(std::string& data) {
  if (const auto level = value_of(data, "X_SYSTEMD_SIGNALS_LEVEL"); level && *level > "2") data.clear();
}

const std::array kBugs = {
    ReceiverBug{.name = "last-wins",
                .what = "Of several assignments to one field it takes the last.",
                .bytes = keep_last},
    ReceiverBug{.name = "first-good-wins",
                .what = "Of several assignments to one field it takes the first whose value is one.",
                .answers = answer_with<Quirk::kFirstEvenInvalid, false>},
    ReceiverBug{.name = "drops-for-duplicate",
                .what = "It drops a message in which a name stands twice.",
                .bytes =
                    [](std::string& data) {
                      std::string once = data;
                      keep_last(once);
                      if (once != data) data.clear();
                    }},
    ReceiverBug{.name = "drops-for-bad-value",
                .what = "It drops a message for a single value that is no number.",
                .bytes =
                    [](std::string& data) {
                      for (const std::string_view name : number_fields())
                        if (const auto value = value_of(data, name);
                            value && (value->empty() || !std::ranges::all_of(*value, [](unsigned char c) {
                                        return std::isdigit(c) != 0;
                                      }))) {
                          data.clear();
                          return;
                        }
                    }},
    ReceiverBug{.name = "refuses-higher-signals-level",
                .what = "It drops a message with a signals level above those that it knows.",
                .bytes = count_level_as_old},
    ReceiverBug{.name = "dies-of-signals-level",
                .what = "It dies of a signals level that is no number.",
                .bytes =
                    [](std::string& data) {
                      const auto level = value_of(data, "X_SYSTEMD_SIGNALS_LEVEL");
                      if (level &&
                          (level->empty() || std::isdigit(static_cast<unsigned char>(level->front())) == 0))
                        die();
                    }},
    ReceiverBug{.name = "gives-up-at-second-hostname",
                .what = "It dies when a supervised manager names its host once more.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (!value_of(letter.data, "X_SYSTEMD_HOSTNAME")) return;
                      if (scene.remembered == "hostname") die();
                      scene.remembered = "hostname";
                    }},
    ReceiverBug{.name = "ready-by-unit",
                .what = "It takes the report that a unit is active for READY=1.",
                .bytes =
                    [](std::string& data) {
                      if (value_of(data, "X_SYSTEMD_UNIT_ACTIVE")) add_line(data, "READY=1");
                    }},
    ReceiverBug{.name = "stopping-by-shutdown",
                .what = "It takes the report of the manner of a shutdown for STOPPING=1.",
                .bytes =
                    [](std::string& data) {
                      if (value_of(data, "X_SYSTEMD_SHUTDOWN")) add_line(data, "STOPPING=1");
                    }},
    ReceiverBug{.name = "exit-status-is-errno",
                .what = "It takes EXIT_STATUS= for ERRNO=.",
                .bytes =
                    [](std::string& data) {
                      if (const auto status = value_of(data, "EXIT_STATUS"))
                        add_line(data, "ERRNO=" + std::string(*status));
                    }},
};

}  // namespace

std::span<const ReceiverBug> field_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
