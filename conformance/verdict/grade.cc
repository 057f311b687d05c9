#include "verdict/grade.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace notifyspec::verdict {
namespace {

constexpr std::size_t kMostNamed = 8;

std::string joined(const std::vector<std::string>& words, const char* between) {
  return fmt::format("{}", fmt::join(words, between));
}

/// What is seen against the conclusion that it comes nearest to; no word: it is one of them.
std::string against(std::span<const Conclusion> allowed, const VectorOutcome& outcome, const Vector& vector) {
  std::optional<std::vector<Difference>> nearest;
  for (const Conclusion& each : allowed) {
    auto found = differences(each, outcome.conclusion, vector.defaults(), outcome.unobserved);
    if (!nearest || found.size() < nearest->size()) nearest = std::move(found);
  }
  std::vector<std::string> words;
  for (const Difference& each : *nearest) words.push_back(fmt::format("{} {}", each.member, each.seen));
  return joined(words, "; ");
}

std::string described(std::span<const Conclusion> allowed) {
  std::vector<std::string> words;
  for (const Conclusion& each : allowed) words.push_back(describe(each));
  return joined(words, ", or ");
}

/// All that one came to, but for what could not be asked.
Conclusion whole(const Vector& vector, const Conclusion& seen, std::span<const std::string> unobserved) {
  Conclusion out = vector.defaults();
  for (const auto& [member, value] : seen.members) out.members[member] = value;
  out.arrived = seen.arrived;
  out.returns = seen.returns;
  for (const std::string& each : unobserved) out.members.erase(each);
  return out;
}

/// What a systemd of that version was seen to conclude, if it was asked. It does not say whether a name was
/// not asked for or is absent; but what is kept has one.
std::optional<Conclusion> recorded(const Vector& vector, int version) {
  const auto found = vector.systemd.find(version);
  if (found == vector.systemd.end()) return std::nullopt;
  std::vector<std::string> unobserved = {"extend_timeout_usec", "restart_reset"};
  const auto& members = found->second.members;
  if (members.contains("fds_stored") && !members.contains("fd_names")) unobserved.push_back("fd_names");
  return whole(vector, found->second, unobserved);
}

/// Any of which is right.
std::vector<Conclusion> allowed_by(const Vector& vector, const Yardstick& yardstick) {
  if (yardstick.instead != nullptr)
    return {whole(vector, yardstick.instead->conclusion, yardstick.instead->unobserved)};
  if (vector.level == Level::kObserved && yardstick.profile.observed_systemd)
    if (auto one = recorded(vector, *yardstick.profile.observed_systemd)) return {*std::move(one)};
  return vector.expect;
}

/// The version of systemd from which it binds.
int bound_since(const Vector& vector, std::span<const Requirement> requirements) {
  if (vector.since) return *vector.since;
  int since = 0;
  for (const Requirement& each : requirements)
    if (std::ranges::find(vector.requirements, each.id) != vector.requirements.end())
      since = std::max(since, each.since);
  return since;
}

Verdict not_met(Level level) {
  return level == Level::kShould ? Verdict::kWarn : Verdict::kFail;
}

}  // namespace

VectorGrade grade(const Vector& vector, std::span<const Requirement> requirements,
                  const VectorOutcome* outcome, const Yardstick& yardstick) {
  const std::vector<Conclusion> allowed = allowed_by(vector, yardstick);
  VectorGrade out;
  out.vector = &vector;
  out.expected = described(allowed);
  if (outcome == nullptr || outcome->kind == OutcomeKind::kNonsense) {
    out.verdict = Verdict::kInconclusive;
    out.adapter_failed = outcome != nullptr;
    out.reason = outcome == nullptr ? "it was not put before this implementation" : outcome->reason;
    return out;
  }
  if (outcome->kind == OutcomeKind::kUnsupported) {
    out.reason = outcome->reason;
    return out;
  }
  const bool concluded = outcome->kind == OutcomeKind::kConcluded;
  out.adapter_failed = !concluded && !yardstick.systemd;
  if (concluded) out.conclusion = reduced(outcome->conclusion, vector.defaults(), outcome->unobserved);
  const std::string differs = concluded ? against(allowed, *outcome, vector) : "";
  out.as_described = concluded && differs.empty();
  out.seen =
      concluded ? describe(*out.conclusion) : fmt::format("{}: {}", name(outcome->kind), outcome->reason);
  if (!differs.empty()) out.seen = differs;
  const bool compared = yardstick.instead != nullptr;
  if (const int since = bound_since(vector, requirements);
      !compared && yardstick.systemd && *yardstick.systemd < since) {
    out.reason = fmt::format("it binds systemd {} and later", since);
    out.seen.clear();
    return out;
  }
  if (!compared && vector.level == Level::kObserved && !yardstick.profile.observed_systemd) {
    out.reason = "merely observed, and no text promises it";
    return out;
  }
  out.verdict = *out.as_described ? Verdict::kPass : not_met(compared ? Level::kMust : vector.level);
  return out;
}

std::vector<RequirementGrade> grade_requirements(std::span<const Requirement> requirements,
                                                 std::span<const VectorGrade> vectors) {
  // The first that one of its vectors has is the requirement's.
  constexpr std::array kWorstFirst = {Verdict::kFail, Verdict::kInconclusive, Verdict::kWarn, Verdict::kPass,
                                      Verdict::kSkip};
  const auto rank = [&](Verdict verdict) { return std::ranges::find(kWorstFirst, verdict); };
  std::vector<RequirementGrade> out;
  for (const Requirement& requirement : requirements) {
    RequirementGrade one;
    one.requirement = &requirement;
    for (const VectorGrade& each : vectors) {
      const auto& named = each.vector->requirements;
      if (std::ranges::find(named, requirement.id) == named.end()) continue;
      ++one.n_vectors;
      if (each.as_described.value_or(false)) ++one.n_as_described;
      if (rank(each.verdict) < rank(one.verdict)) one.verdict = each.verdict;
    }
    for (const VectorGrade& each : vectors) {
      const auto& named = each.vector->requirements;
      const bool decides = each.verdict == one.verdict && rank(one.verdict) < rank(Verdict::kPass);
      if (decides && one.against.size() < kMostNamed &&
          std::ranges::find(named, requirement.id) != named.end())
        one.against.push_back(each.vector->id);
    }
    if (one.n_vectors > 0) out.push_back(std::move(one));
  }
  return out;
}

}  // namespace notifyspec::verdict
