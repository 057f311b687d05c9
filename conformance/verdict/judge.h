// The judge: one trace against all requirements, a step at a time.
//
// Rule: a verdict needs a text. A must that is not met fails, a should warns, and what was merely observed
// fails only under the profile that asks for it. What the version or vantage of the trace is not bound by is
// skipped, and says so. A requirement of another transport is not judged at all: a container that speaks over
// AF_UNIX need not be told two dozen times that it is no AF_VSOCK. Memory does not grow with the trace. Does
// not read files, does not print.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/boot.h"
#include "verdict/requirement.h"
#include "verdict/rule.h"
#include "verdict/rule_table.h"
#include "wire/trace.h"

namespace notifyspec::verdict {

enum class Verdict { kPass, kFail, kWarn, kSkip, kInconclusive };

/// "pass", "fail", "warn", "skip", "inconclusive".
std::string_view name(Verdict verdict);

/// The verdict on one requirement; members as in fixtures/README.md, section "Verdicts".
struct Judgement {
  const Requirement* requirement = nullptr;
  Verdict verdict = Verdict::kSkip;
  std::optional<bool> as_described;  ///< whether the trace shows it; nothing: it cannot be said
  std::string expected;
  std::string seen;
  std::string reason;
  std::vector<std::size_t> lines;
};

/// How strict to be.
struct Profile {
  std::optional<int> observed_systemd;  ///< judge what systemd of this version was observed to do, too
};

/// The leading digits of a version string, "262-1" or "262": nothing where there are none.
std::optional<int> systemd_version(std::string_view text);

class Judge {
 public:
  /// `requirements` must live as long as the judge. `header` must name vantage; `systemd` is the version to
  /// judge by.
  Judge(std::span<const Requirement> requirements, const wire::TraceHeader& header, int systemd,
        Profile profile);

  void see(const wire::Event& event, std::size_t line);

  /// One judgement for each requirement that has to do with the transport of the trace, in the order of the
  /// table.
  std::vector<Judgement> conclude() const;

 private:
  struct Bench {
    const Requirement* requirement;
    const RuleRow* row;
    std::unique_ptr<Rule> rule;  ///< none where the requirement does not bind this trace
    model::FieldMask interest = 0;
    std::string unbound;  ///< why it does not
  };

  std::string unbound(const Requirement& requirement) const;
  Finding conclude(const Bench& bench) const;
  Judgement judge(const Bench& bench) const;

  model::Boot boot_;
  Profile profile_;
  std::vector<Bench> benches_;
};

}  // namespace notifyspec::verdict
