#include "verdict/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace notifyspec::verdict {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kSkip:
      return "skip";
    case Verdict::kInconclusive:
      return "inconclusive";
  }
  return "unknown";
}

std::optional<int> systemd_version(std::string_view text) {
  int version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc{} || version < 0) return std::nullopt;
  return version;
}

Judge::Judge(std::span<const Requirement> requirements, const wire::TraceHeader& header, int systemd,
             Profile profile)
    : boot_(header, systemd), profile_(profile) {
  for (const Requirement& requirement : requirements) {
    const RuleRow* row = find_rule(requirement.id);
    if (row == nullptr || !requirement.has_to_do_with(header.transport)) continue;
    Bench bench{&requirement, row, nullptr, 0, unbound(requirement)};
    if (bench.unbound.empty()) {
      bench.rule = row->make(header);
      bench.interest = bench.rule->interest();
    }
    benches_.push_back(std::move(bench));
  }
}

std::string Judge::unbound(const Requirement& requirement) const {
  const auto& vantage = boot_.header().vantage;
  if (vantage && std::ranges::find(requirement.vantages, *vantage) == requirement.vantages.end())
    return fmt::format("it does not bind the vantage {}", *vantage);
  if (boot_.systemd() < requirement.since)
    return fmt::format("since systemd {}, and this is {}", requirement.since, boot_.systemd());
  return "";
}

void Judge::see(const wire::Event& event, std::size_t line) {
  const model::Step& step = boot_.advance(event, line);
  for (const Bench& bench : benches_) {
    if (!bench.rule) continue;
    if (step.stranger != nullptr && !bench.rule->hears_strangers()) continue;
    if (step.message != nullptr && (bench.interest & step.mask) == 0 && bench.interest != kEveryMessage)
      continue;
    bench.rule->see(step);
  }
}

std::vector<Judgement> Judge::conclude() const {
  std::vector<Judgement> judgements;
  judgements.reserve(benches_.size());
  for (const Bench& bench : benches_) judgements.push_back(judge(bench));
  return judgements;
}

Finding Judge::conclude(const Bench& bench) const {
  const Needs needs = bench.row->needs;
  if (needs != Needs::kNothing)
    if (auto reason = boot_.deaf()) return not_applicable(*std::move(reason));
  Finding finding = bench.rule->conclude(boot_);
  if (needs == Needs::kAllWords && finding.outcome == Outcome::kNotMet && boot_.heard_late())
    return not_applicable("the receiver was not there at first, and may have missed it");
  return finding;
}

Judgement Judge::judge(const Bench& bench) const {
  Judgement out;
  out.requirement = bench.requirement;
  out.reason = bench.unbound;
  if (!bench.rule) return out;
  Finding finding = conclude(bench);
  const Level level = bench.requirement->level;
  const bool merely_observed =
      level == Level::kObserved && profile_.observed_systemd.value_or(-1) < bench.requirement->since;
  if (finding.outcome == Outcome::kNotApplicable || finding.outcome == Outcome::kInconclusive) {
    if (finding.outcome == Outcome::kInconclusive && !merely_observed) out.verdict = Verdict::kInconclusive;
    out.reason = std::move(finding.seen);
    return out;
  }
  out.expected = std::move(finding.expected);
  out.seen = std::move(finding.seen);
  out.lines = std::move(finding.lines);
  const bool is_met = finding.outcome == Outcome::kMet;
  out.as_described = is_met;
  if (merely_observed) {
    out.reason = is_met ? "observed, promised by no text; so it was here"
                        : "observed, promised by no text; not so here";
    return out;
  }
  out.verdict = is_met ? Verdict::kPass : level == Level::kShould ? Verdict::kWarn : Verdict::kFail;
  return out;
}

}  // namespace notifyspec::verdict
