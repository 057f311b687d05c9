#include "report/verdicts.h"

#include <fmt/format.h>

namespace notifyspec::report {

using verdict::Judgement;
using verdict::Verdict;

Counts count(const std::vector<JudgedTrace>& traces) {
  Counts counts;
  for (const JudgedTrace& trace : traces)
    for (const Judgement& judgement : trace.judgements) {
      const bool merely_observed = judgement.verdict == Verdict::kSkip && !judgement.seen.empty();
      switch (judgement.verdict) {
        case Verdict::kPass:
          ++counts.pass;
          break;
        case Verdict::kFail:
          ++counts.fail;
          break;
        case Verdict::kWarn:
          ++counts.warn;
          break;
        case Verdict::kSkip:
          ++(merely_observed ? counts.observed_skips : counts.skip);
          break;
        case Verdict::kInconclusive:
          ++counts.inconclusive;
          break;
      }
    }
  return counts;
}

std::string summary(const Counts& counts) {
  std::string out;
  const auto add = [&](std::size_t n, std::string_view word) {
    if (n > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", n, word);
  };
  add(counts.fail, "fail");
  add(counts.inconclusive, "inconclusive");
  add(counts.warn, "warn");
  add(counts.pass, "pass");
  add(counts.skip, "skip");
  add(counts.observed_skips, "observed only");
  return out.empty() ? "nothing was judged" : out;
}

}  // namespace notifyspec::report
