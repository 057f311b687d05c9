#include "report/grades.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/base64.h"
#include "wire/utf8.h"

namespace notifyspec::report {
namespace {

using verdict::Verdict;
using Line = nlohmann::ordered_json;

/// The vectors in the shape of the judge's report: each as the requirement that it is a case of.
struct AsTrace {
  std::vector<verdict::Requirement> rows;
  JudgedTrace trace;
};

AsTrace as_trace(const GradedOutcomes& graded, bool all) {
  AsTrace out;
  out.trace.trace = graded.outcomes;
  out.trace.systemd = graded.header.version;
  out.trace.scenario = graded.header.implementation;
  out.rows.reserve(graded.vectors.size());  // pointers into it are kept
  for (const verdict::VectorGrade& each : graded.vectors) {
    if (!all && (each.verdict == Verdict::kPass || each.verdict == Verdict::kSkip)) continue;
    verdict::Requirement row;
    row.id = each.vector->id;
    row.level = each.vector->level;
    row.text = each.vector->note;
    row.source.document = fmt::format("{}", fmt::join(each.vector->requirements, ", "));
    row.source.section = "requirements";
    out.rows.push_back(std::move(row));
    out.trace.judgements.push_back({.requirement = &out.rows.back(),
                                    .verdict = each.verdict,
                                    .as_described = each.as_described,
                                    .expected = each.expected,
                                    .seen = each.seen,
                                    .reason = each.reason,
                                    .lines = {}});
  }
  return out;
}

void add_bytes(Line& object, const std::string& member, const std::string& bytes) {
  if (wire::is_utf8(bytes))
    object[member] = bytes;
  else
    object[member + "_base64"] = wire::encode_base64(bytes);
}

Line as_json(const verdict::Conclusion& conclusion) {
  Line out = Line::object();
  if (conclusion.arrived) {
    out["arrived"] = Line::array();
    for (const verdict::Arrived& each : *conclusion.arrived) {
      Line one;
      add_bytes(one, "data", each.data);
      if (each.fds != "0") one["fds"] = each.fds;
      if (each.from != "main") one["from"] = each.from;
      out["arrived"].push_back(std::move(one));
    }
  }
  if (conclusion.returns) out["returns"] = *conclusion.returns;
  for (const auto& [member, value] : conclusion.members) out[member] = value;
  return out;
}

std::string dumped(const Line& line) {
  return line.dump(-1, ' ', false, Line::error_handler_t::replace) + '\n';
}

std::string requirement_rows(const GradedOutcomes& graded) {
  std::size_t width = 0;
  for (const auto& each : graded.requirements) width = std::max(width, each.requirement->id.size());
  std::string out;
  for (const verdict::RequirementGrade& each : graded.requirements)
    out += fmt::format("  {:<12}  {:<{}}  {:<8}  {} of {} vectors as described\n", name(each.verdict),
                       each.requirement->id, width, name(each.requirement->level), each.n_as_described,
                       each.n_vectors);
  return out;
}

}  // namespace

Counts count(const GradedOutcomes& graded) {
  return count({as_trace(graded, true).trace});
}

std::string to_json_lines(const GradedOutcomes& graded) {
  std::string out;
  for (const verdict::VectorGrade& each : graded.vectors) {
    Line line{{"outcomes", graded.outcomes}, {"vector", each.vector->id}};
    line["requirements"] = each.vector->requirements;
    line["level"] = name(each.vector->level);
    line["verdict"] = name(each.verdict);
    if (each.as_described) line["as_described"] = *each.as_described;
    line["expected"] = each.expected;
    if (!each.seen.empty()) line["seen"] = each.seen;
    if (!each.reason.empty()) line["reason"] = each.reason;
    if (each.conclusion) line["conclusion"] = as_json(*each.conclusion);
    out += dumped(line);
  }
  for (const verdict::RequirementGrade& each : graded.requirements) {
    Line line{{"outcomes", graded.outcomes}, {"requirement", each.requirement->id}};
    line["level"] = name(each.requirement->level);
    line["verdict"] = name(each.verdict);
    line["vectors"] = each.n_vectors;
    line["as_described"] = each.n_as_described;
    if (!each.against.empty()) line["against"] = each.against;
    out += dumped(line);
  }
  return out;
}

std::string to_text(const GradedOutcomes& graded, bool colour) {
  const AsTrace open = as_trace(graded, false);
  std::string out = fmt::format("{}  ({} {}, {})\n", graded.outcomes, graded.header.implementation,
                                graded.header.version, graded.header.role);
  out += rows(open.trace, colour);
  if (!open.rows.empty()) out += '\n';
  return out + requirement_rows(graded) + '\n' + summary(count(graded)) + '\n';
}

std::string to_junit(const GradedOutcomes& graded) {
  return to_junit({as_trace(graded, true).trace});
}

}  // namespace notifyspec::report
