#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "report/verdicts.h"
#include "wire/utf8.h"

namespace notifyspec::report {
namespace {

using verdict::Judgement;
using verdict::Verdict;

/// XML has no place for most control characters, not even escaped: they are shown as \xNN, and so is what is
/// no text.
std::string shown(std::string_view text) {
  const bool is_text = wire::is_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool is_control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    const bool is_noncharacter =
        text.substr(at).starts_with("\xEF\xBF\xBE") || text.substr(at).starts_with("\xEF\xBF\xBF");
    if (is_control || (byte >= 0x80 && !is_text) || is_noncharacter)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += text[at];
    if (is_noncharacter) {
      out += fmt::format("\\xbf\\x{:02x}", static_cast<unsigned char>(text[at + 2]));
      at += 2;
    }
  }
  return out;
}

void set(pugi::xml_node node, const char* attribute, std::string_view text) {
  node.append_attribute(attribute) = shown(text).c_str();
}

std::string detail(const Judgement& judgement) {
  const verdict::Requirement& requirement = *judgement.requirement;
  return shown(fmt::format("requirement: {} ({})\n{}\nexpected: {}\nseen: {}\nsource: {}", requirement.id,
                           name(requirement.level), requirement.text, judgement.expected, judgement.seen,
                           words(requirement.source)));
}

void add_case(pugi::xml_node suite, const JudgedTrace& trace, const Judgement& judgement) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "classname", trace.trace);
  set(test, "name", judgement.requirement->id);
  test.append_attribute("time") = "0";
  const auto add_trouble = [&](const char* element, const std::string& message) {
    pugi::xml_node node = test.append_child(element);
    set(node, "type", name(judgement.requirement->level));
    set(node, "message", message);
    node.append_child(pugi::node_pcdata).set_value(detail(judgement).c_str());
  };
  if (judgement.verdict == Verdict::kFail) add_trouble("failure", judgement.seen);
  if (judgement.verdict == Verdict::kInconclusive) add_trouble("error", judgement.reason);
  if (judgement.verdict == Verdict::kSkip) set(test.append_child("skipped"), "message", judgement.reason);
  if (judgement.verdict == Verdict::kWarn)
    test.append_child("system-out")
        .append_child(pugi::node_pcdata)
        .set_value(("warning\n" + detail(judgement)).c_str());
}

}  // namespace

std::string to_junit(const std::vector<JudgedTrace>& traces) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  suites.append_attribute("name") = "notifyspec";
  for (const JudgedTrace& trace : traces) {
    const Counts counts = count({trace});
    pugi::xml_node suite = suites.append_child("testsuite");
    set(suite, "name", trace.trace);
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
