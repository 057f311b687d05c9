#include "verdict/conclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "verdict/rule.h"

namespace notifyspec::verdict {
namespace {

enum class Kind { kText, kNumber, kChoice, kBarriers };

/// A member with a string for value.
struct Member {
  const char* name;
  Kind kind;
  std::vector<std::string_view> words = {};
};

const std::vector<Member>& receiver_members() {
  static const std::vector<Member> table = {
      {"state", Kind::kChoice, {"starting", "running", "reloading", "stopping", "failed", "dead"}},
      {"status", Kind::kText},
      {"errno", Kind::kNumber},
      {"bus_error", Kind::kText},
      {"varlink_error", Kind::kText},
      {"main_pid", Kind::kChoice, {"main", "child", "stranger", "none"}},
      {"watchdog_usec", Kind::kNumber},
      {"watchdog", Kind::kChoice, {"none", "kept-alive", "triggered"}},
      {"extend_timeout_usec", Kind::kNumber},
      {"notify_access", Kind::kChoice, {"none", "main", "exec", "all"}},
      {"fds_stored", Kind::kNumber},
      {"fd_names", Kind::kText},
      {"fds_open", Kind::kNumber},
      {"restart_reset", Kind::kChoice, {"no", "yes"}},
      {"barriers", Kind::kBarriers},
  };
  return table;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
         (text.size() == 1 || text.front() != '0');
}

bool is_barriers(std::string_view text) {
  for (const std::string_view word : {"closed", "open"}) {
    if (text == word) return true;
    if (text.starts_with(word) && text.substr(word.size()).starts_with(' '))
      return is_barriers(text.substr(word.size() + 1));
  }
  return false;
}

std::string read_member(JsonObject& object, const Member& member) {
  if (member.kind == Kind::kChoice) return object.choice(member.name, member.words);
  std::string text = object.text(member.name);
  if (member.kind == Kind::kNumber && !is_number(text)) object.refuse(member.name, "is no decimal number");
  if (member.kind == Kind::kBarriers && !text.empty() && !is_barriers(text))
    object.refuse(member.name, "is not \"closed\" and \"open\", with one blank between");
  return text;
}

constexpr std::array<std::string_view, 3> kSenders = {"main", "child", "stranger"};
constexpr std::array<std::string_view, 2> kEnvironments = {"set", "unset"};
constexpr std::array<std::string_view, 3> kReturns = {"positive", "zero", "negative"};

void read_sender(JsonObject& object, Conclusion& out) {
  if (object.has("environment")) out.members["environment"] = object.choice("environment", kEnvironments);
  if (object.has("arrived")) {
    out.arrived.emplace();
    for (JsonObject& each : object.objects("arrived")) {
      Arrived one;
      one.data = each.bytes("data");
      one.fds = each.text("fds", "0");
      if (!is_number(one.fds)) each.refuse("fds", "is no decimal number");
      one.from = each.choice("from", kSenders, "main");
      each.refuse_others();
      out.arrived->push_back(std::move(one));
    }
  }
  if (!object.has("returns")) return;
  out.returns = object.texts("returns");
  for (const std::string& word : *out.returns)
    if (std::ranges::find(kReturns, word) == kReturns.end())
      object.refuse("returns", fmt::format("\"{}\" is none of {}", word, fmt::join(kReturns, ", ")));
}

std::string describe(const std::vector<Arrived>& arrived) {
  std::vector<std::string> words;
  for (const Arrived& each : arrived) {
    words.push_back(verdict::quoted(each.data));
    if (each.fds != "0") words.back() += fmt::format(" with {} fds", each.fds);
    if (each.from != "main") words.back() += " from " + each.from;
  }
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

bool same(const std::vector<Arrived>& expected, const std::vector<Arrived>& seen) {
  return std::ranges::equal(expected, seen, [](const Arrived& one, const Arrived& other) {
    return one.fds == other.fds && one.from == other.from && matches_usec(one.data, other.data);
  });
}

std::string joined(const std::vector<std::string>& words) {
  return words.empty() ? "nothing" : fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

Conclusion read_conclusion(JsonObject& object, std::string_view role) {
  Conclusion out;
  if (role == "sender") {
    read_sender(object, out);
  } else {
    for (const Member& member : receiver_members())
      if (object.has(member.name)) out.members[member.name] = read_member(object, member);
  }
  object.refuse_others();
  return out;
}

std::vector<Difference> differences(const Conclusion& expected, const Conclusion& seen,
                                    const Conclusion& defaults, std::span<const std::string> unobserved) {
  const auto asked = [&](std::string_view member) {
    return std::ranges::find(unobserved, member) == unobserved.end();
  };
  std::vector<Difference> out;
  for (const auto& [name, value] : expected.members) {
    if (!asked(name)) continue;
    auto found = seen.members.find(name);
    if (found == seen.members.end()) found = defaults.members.find(name);
    const std::string shown = found == defaults.members.end() ? "" : found->second;
    if (shown != value) out.push_back({name, verdict::quoted(value), verdict::quoted(shown)});
  }
  if (expected.arrived && asked("arrived")) {
    const auto arrived = seen.arrived.value_or(std::vector<Arrived>());
    if (!same(*expected.arrived, arrived))
      out.push_back({"arrived", describe(*expected.arrived), describe(arrived)});
  }
  if (expected.returns && asked("returns")) {
    const auto returns = seen.returns.value_or(std::vector<std::string>());
    if (*expected.returns != returns) out.push_back({"returns", joined(*expected.returns), joined(returns)});
  }
  return out;
}

Conclusion reduced(Conclusion seen, const Conclusion& defaults, std::span<const std::string> unobserved) {
  std::erase_if(seen.members, [&](const auto& member) {
    const auto usual = defaults.members.find(member.first);
    const bool asked = std::ranges::find(unobserved, member.first) == unobserved.end();
    return !asked || (usual != defaults.members.end() && usual->second == member.second);
  });
  return seen;
}

std::string describe(const Conclusion& conclusion) {
  std::vector<std::string> words;
  words.reserve(conclusion.members.size() + 2);
  for (const auto& [name, value] : conclusion.members)
    words.push_back(fmt::format("{} {}", name, verdict::quoted(value)));
  if (conclusion.arrived) words.push_back("arrived " + describe(*conclusion.arrived));
  if (conclusion.returns) words.push_back("returns " + joined(*conclusion.returns));
  return words.empty() ? "all as it was" : fmt::format("{}", fmt::join(words, "; "));
}

bool matches_usec(std::string_view pattern, std::string_view text) {
  constexpr std::string_view kUsec = "${usec}";
  const std::size_t before = pattern.find(kUsec);
  if (before == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, before))) return false;
  text.remove_prefix(before);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  // A literal digit behind the digits would be swallowed: no field is written like that.
  return digits > 0 && matches_usec(pattern.substr(before + kUsec.size()), text.substr(digits));
}

}  // namespace notifyspec::verdict
