#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "report/verdicts.h"

namespace notifyspec::report {
namespace {

using verdict::Judgement;
using verdict::Verdict;

void add_case(pugi::xml_node suite, const JudgedTrace& trace, const Judgement& judgement) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = trace.trace.c_str();
  test.append_attribute("name") = judgement.requirement->id.c_str();
  test.append_attribute("time") = "0";
  const std::string detail = fmt::format(
      "{}\nexpected: {}\nseen: {}\nsource: {}, {}", judgement.requirement->text, judgement.expected,
      judgement.seen, judgement.requirement->source.document, judgement.requirement->source.section);
  const auto add = [&](const char* element, const std::string& message, bool with_detail) {
    pugi::xml_node node = test.append_child(element);
    node.append_attribute("message") = message.c_str();
    if (with_detail) node.append_child(pugi::node_pcdata).set_value(detail.c_str());
  };
  if (judgement.verdict == Verdict::kFail) add("failure", judgement.seen, true);
  if (judgement.verdict == Verdict::kInconclusive) add("error", judgement.reason, true);
  if (judgement.verdict == Verdict::kSkip) add("skipped", judgement.reason, false);
  if (judgement.verdict == Verdict::kWarn)
    test.append_child("system-out").append_child(pugi::node_pcdata).set_value(("warning\n" + detail).c_str());
}

}  // namespace

std::string to_junit(const std::vector<JudgedTrace>& traces) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  suites.append_attribute("name") = "notifyspec";
  for (const JudgedTrace& trace : traces) {
    const Counts counts = count({trace});
    pugi::xml_node suite = suites.append_child("testsuite");
    suite.append_attribute("name") = trace.trace.c_str();
    suite.append_attribute("tests") = trace.judgements.size();
    suite.append_attribute("failures") = counts.fail;
    suite.append_attribute("errors") = counts.inconclusive;
    suite.append_attribute("skipped") = counts.skip + counts.observed_skips;
    suite.append_attribute("time") = "0";
    for (const Judgement& judgement : trace.judgements) add_case(suite, trace, judgement);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace notifyspec::report
