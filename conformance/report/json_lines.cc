#include <nlohmann/json.hpp>

#include "report/verdicts.h"

namespace notifyspec::report {

std::string to_json_lines(const JudgedTrace& trace) {
  std::string out;
  for (const verdict::Judgement& judgement : trace.judgements) {
    nlohmann::ordered_json line;
    line["trace"] = trace.trace;
    line["requirement"] = judgement.requirement->id;
    line["level"] = name(judgement.requirement->level);
    line["verdict"] = name(judgement.verdict);
    if (judgement.as_described) line["as_described"] = *judgement.as_described;
    if (!judgement.expected.empty()) line["expected"] = judgement.expected;
    if (!judgement.seen.empty()) line["seen"] = judgement.seen;
    if (!judgement.reason.empty()) line["reason"] = judgement.reason;
    if (!judgement.lines.empty()) line["lines"] = judgement.lines;
    // A file name may hold any bytes; the report stays valid JSON.
    out += line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    out += '\n';
  }
  return out;
}

}  // namespace notifyspec::report
