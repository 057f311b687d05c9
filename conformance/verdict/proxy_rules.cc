#include "verdict/proxy_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/assignment.h"
#include "wire/utf8.h"

namespace notifyspec::verdict {
namespace {

constexpr std::string_view kReady = "READY=1";
constexpr std::size_t kLongest = 4096;  // that systemd reads

bool has_line(const wire::Message& message, std::string_view line) {
  for (const wire::Assignment& each : wire::split_assignments(message.data))
    if (each.line == line) return true;
  return false;
}

bool has_ready(const std::vector<wire::Message>& messages) {
  return std::ranges::any_of(messages, [](const auto& each) { return has_line(each, kReady); });
}

/// What a receiver may refuse, or stumble over.
bool bad(const wire::Message& message) {
  return message.data.empty() || message.data.size() > kLongest || message.data.contains('\0') ||
         !wire::is_utf8(message.data);
}

Finding ready_forwarded(const Pair& pair) {
  if (!has_ready(pair.in)) return not_applicable("the payload says no READY=1");
  if (std::ranges::any_of(pair.in, bad)) return not_applicable("the payload sends more than sound messages");
  const std::string expected = "READY=1 comes out";
  return has_ready(pair.out) ? met(expected, expected) : not_met(expected, "no READY=1 comes out");
}

Finding ready_only_when_ready(const Pair& pair) {
  if (has_ready(pair.in)) return not_applicable("the payload says READY=1");
  const std::string expected = "no READY=1 comes out where the payload says none";
  return has_ready(pair.out) ? not_met(expected, "READY=1 comes out") : met(expected, "none comes out");
}

Finding survives_bad(const Pair& pair) {
  const auto ready =
      std::ranges::find_if(pair.in, [](const auto& each) { return has_line(each, kReady) && !bad(each); });
  const auto worst = std::ranges::find_if(pair.in, bad);
  if (ready == pair.in.end() || worst >= ready)
    return not_applicable("the payload sends nothing bad before READY=1");
  const std::string expected = "READY=1 comes out although something bad went before it";
  return has_ready(pair.out) ? met(expected, "READY=1 comes out") : not_met(expected, "no READY=1 comes out");
}

/// A line that comes out, as systemd splits it: part of a line that went in, but not its beginning.
std::optional<std::string> injected(const Pair& pair) {
  for (const wire::Message& out : pair.out) {
    const auto same = [&](const auto& in) { return in.data == out.data; };
    if (std::ranges::any_of(pair.in, same)) continue;
    std::string data = out.data;
    std::ranges::replace(data, '\r', '\n');
    for (const wire::Assignment& line : wire::split_assignments(data)) {
      if (!line.assigned) continue;
      bool went_in = false;
      bool hidden = false;
      for (const wire::Message& in : pair.in)
        for (const wire::Assignment& each : wire::split_assignments(in.data)) {
          went_in = went_in || each.line == line.line;
          const std::size_t at = each.line.find(line.line);
          hidden = hidden || (at != std::string_view::npos && at > 0);
        }
      if (hidden && !went_in) return std::string(line.line);
    }
  }
  return std::nullopt;
}

Finding no_line_injection(const Pair& pair) {
  const std::string expected = "no part of a line comes out as a line of its own";
  if (const auto line = injected(pair)) return not_met(expected, fmt::format("{} comes out", quoted(*line)));
  return met(expected, "none does");
}

Finding order_kept(const Pair& pair) {
  const Passage passage = compare(pair.in, pair.out);
  const auto came = std::ranges::count_if(passage.in, [](const Passed& each) { return !each.out.empty(); });
  if (came < 2) return not_applicable("fewer than two messages come through");
  const std::string expected = "what comes out has the order of what went in";
  return passage.in_order ? met(expected, "it has") : not_met(expected, "something overtook");
}

Finding barrier_honoured(const Pair& pair) {
  if (pair.barrier.empty()) return not_applicable("the payload sends no barrier");
  const std::string expected = "the fd of the payload's barrier is closed";
  return pair.barrier == "closed" ? met(expected, "it is") : not_met(expected, "it stays open");
}

struct Row {
  std::string_view requirement;
  Finding (*rule)(const Pair&);
};

constexpr std::array<Row, 6> kRows = {{
    {"proxy.ready-forwarded", ready_forwarded},
    {"proxy.ready-only-when-ready", ready_only_when_ready},
    {"proxy.no-line-injection", no_line_injection},
    {"proxy.survives-bad-datagram", survives_bad},
    {"proxy.order-kept", order_kept},
    {"proxy.barrier-honoured", barrier_honoured},
}};

Judgement judgement(const Requirement& requirement, const Finding& finding, bool documented) {
  Judgement out;
  out.requirement = &requirement;
  if (finding.outcome == Outcome::kNotApplicable) {
    out.reason = finding.seen;
    return out;
  }
  out.as_described = finding.outcome == Outcome::kMet;
  out.expected = finding.expected;
  out.seen = finding.seen;
  if (requirement.level == Level::kObserved && !documented) {
    out.reason = "merely observed, and the proxy's documentation does not promise it";
    return out;
  }
  const Verdict not_met_verdict =
      documented || requirement.level == Level::kMust ? Verdict::kFail : Verdict::kWarn;
  out.verdict = *out.as_described ? Verdict::kPass : not_met_verdict;
  return out;
}

}  // namespace

std::vector<Judgement> judge_pair(std::span<const Requirement> requirements, const Pair& pair,
                                  std::span<const std::string> documented) {
  std::vector<Judgement> out;
  for (const Row& row : kRows) {
    const auto found = std::ranges::find(requirements, row.requirement, &Requirement::id);
    if (found == requirements.end()) continue;
    const bool promised = std::ranges::find(documented, row.requirement) != documented.end();
    out.push_back(judgement(*found, row.rule(pair), promised));
  }
  return out;
}

}  // namespace notifyspec::verdict
