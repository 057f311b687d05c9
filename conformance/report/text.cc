#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>

#include "report/verdicts.h"

namespace notifyspec::report {
namespace {

using verdict::Judgement;
using verdict::Verdict;

fmt::text_style style(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return fg(fmt::terminal_color::green);
    case Verdict::kFail:
      return fg(fmt::terminal_color::red) | fmt::emphasis::bold;
    case Verdict::kWarn:
    case Verdict::kInconclusive:
      return fg(fmt::terminal_color::yellow);
    case Verdict::kSkip:
      return fmt::emphasis::faint;
  }
  return {};
}

std::string word(Verdict verdict, bool colour) {
  const std::string padded = fmt::format("{:<12}", name(verdict));
  return colour ? fmt::format(style(verdict), "{}", padded) : padded;
}

/// What stands behind the id: what the trace shows, or why nothing is said.
std::string remark(const Judgement& judgement) {
  if (judgement.verdict == Verdict::kSkip || judgement.verdict == Verdict::kInconclusive) {
    if (judgement.seen.empty()) return judgement.reason;
    return fmt::format("{}: {}", judgement.reason, judgement.seen);
  }
  return judgement.seen;
}

std::string lines_of(const Judgement& judgement) {
  if (judgement.lines.empty()) return "";
  return fmt::format(" [line {}]", fmt::join(judgement.lines, ", "));
}

}  // namespace

std::string rows(const JudgedTrace& trace, bool colour) {
  std::string out;
  std::size_t width = 0;
  for (const Judgement& judgement : trace.judgements)
    width = std::max(width, judgement.requirement->id.size());
  for (const Judgement& judgement : trace.judgements) {
    out +=
        fmt::format("  {}  {:<{}}  {:<8}  {}\n", word(judgement.verdict, colour), judgement.requirement->id,
                    width, name(judgement.requirement->level), remark(judgement));
    if (judgement.verdict != Verdict::kFail && judgement.verdict != Verdict::kWarn) continue;
    out += fmt::format("                expected: {}\n", judgement.expected);
    out += fmt::format("                seen:     {}{}\n", judgement.seen, lines_of(judgement));
    out += fmt::format("                source:   {}\n", words(judgement.requirement->source));
  }
  return out;
}

std::string to_text(const std::vector<JudgedTrace>& traces, bool colour) {
  std::string out;
  for (const JudgedTrace& trace : traces) {
    out += fmt::format("{}  (systemd {}{}{})\n", trace.trace, trace.systemd,
                       trace.scenario.empty() ? "" : ", ", trace.scenario);
    out += rows(trace, colour) + '\n';
  }
  return out + summary(count(traces)) + '\n';
}

}  // namespace notifyspec::report
