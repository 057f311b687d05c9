// Invariants: whatever a trace tells of a boot, each requirement is judged once, with a word for what is not
// met; what was merely observed fails nobody; judged again it comes to the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cli/suite.h"
#include "heap.h"
#include "invariant.h"
#include "verdict/judge.h"
#include "wire/trace.h"

using namespace notifyspec;

namespace {

const std::vector<verdict::Requirement>& requirements() {
  static const std::vector<verdict::Requirement> kRequirements =
      verdict::parse_requirements(cli::built_in_requirements()).value();
  return kRequirements;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::vector<verdict::Judgement> judge(const wire::TraceHeader& header, std::string_view events, int systemd,
                                      verdict::Profile profile) {
  verdict::Judge judge(requirements(), header, systemd, profile);
  wire::Event event;
  for (std::size_t line = 2; !events.empty(); ++line)
    if (wire::parse_event(take_line(events), event)) judge.see(event, line);
  return judge.conclude();
}

void check(const verdict::Judgement& judgement, bool observed_counts) {
  using verdict::Verdict;
  const bool bad = judgement.verdict == Verdict::kFail || judgement.verdict == Verdict::kWarn;
  require(!bad || !judgement.expected.empty(), "what is not met says what was expected");
  require(judgement.verdict != Verdict::kSkip || !judgement.reason.empty(), "a skip has a reason");
  const bool observed = judgement.requirement->level == verdict::Level::kObserved;
  require(!observed || observed_counts || !bad, "what was merely observed fails nobody");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  std::string_view events(reinterpret_cast<const char*>(data), size);
  auto header = wire::parse_header(take_line(events));
  if (!header || !header->vantage) return 0;
  for (const int systemd : {252, 257, 262}) {
    const auto judged = judge(*header, events, systemd, {});
    const auto again = judge(*header, events, systemd, {});
    require(judged.size() == again.size(), "as many are judged again");
    for (std::size_t i = 0; i < judged.size(); ++i) {
      check(judged[i], false);
      require(judged[i].verdict == again[i].verdict && judged[i].seen == again[i].seen,
              "to the same verdict");
    }
  }
  for (const auto& each : judge(*header, events, 262, {.observed_systemd = 262})) check(each, true);
  return 0;
}
