// The report of one run of the judge: all judgements on all traces, to be written in one of three forms.
//
// Rule: a form decides nothing; all three say the same. JSON lines as in fixtures/README.md, section
// "Verdicts".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verdict/judge.h"

namespace notifyspec::report {

/// One trace as it was named, and what was judged of it.
struct JudgedTrace {
  std::string trace;
  std::string systemd;   ///< version as the trace's header has it, or as it was given
  std::string scenario;  ///< as the header has it; may be empty
  std::vector<verdict::Judgement> judgements;
};

/// How many judgements came out how. `observed_skips` are not counted in `skip`: nothing was left out there.
struct Counts {
  std::size_t pass = 0, fail = 0, warn = 0, skip = 0, inconclusive = 0, observed_skips = 0;
};

Counts count(const std::vector<JudgedTrace>& traces);

/// One line for people: "2 fail, 40 pass, 3 skip".
std::string summary(const Counts& counts);

/// JSON lines, each with its newline.
std::string to_json_lines(const JudgedTrace& trace);

/// The rows of such a table, a judgement each.
std::string rows(const JudgedTrace& trace, bool colour);

/// A table for a terminal; `colour` adds escape sequences.
std::string to_text(const std::vector<JudgedTrace>& traces, bool colour);

/// JUnit XML: a test suite for each trace, a test case for each requirement.
std::string to_junit(const std::vector<JudgedTrace>& traces);

}  // namespace notifyspec::report
