// What judging costs a message, with every rule of the suite looking on.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "text_file.h"
#include "verdict/judge.h"

namespace {

using namespace notifyspec;

std::vector<verdict::Requirement> suite() {
  return verdict::parse_requirements(bench::text_of(NOTIFYSPEC_REQUIREMENTS)).value();
}

/// A boot's messages, over and over: each target goes up and down.
std::vector<wire::Event> synthetic(std::size_t n) {
  std::vector<wire::Event> events;
  for (std::size_t i = 0; i < n; ++i) {
    wire::Message message;
    message.pid = 1;
    message.data = (i / 64 % 2 == 0 ? "X_SYSTEMD_UNIT_ACTIVE=u" : "X_SYSTEMD_UNIT_INACTIVE=u") +
                   std::to_string(i % 64) + ".target";
    events.push_back({static_cast<std::int64_t>(i), message});
  }
  return events;
}

void JudgeMessage(benchmark::State& state) {
  const auto requirements = suite();
  const auto events = synthetic(4096);
  wire::TraceHeader header;
  header.vantage = "container";
  header.manager_pid = 1;
  header.targets.emplace();
  verdict::Judge judge(requirements, header, 262, {});
  std::size_t i = 0;
  for (auto _ : state) {
    judge.see(events[i % events.size()], i + 2);
    ++i;
  }
  for (const verdict::Judgement& judgement : judge.conclude())
    if (judgement.requirement->id == "boot.unit.dependency-order" &&
        judgement.verdict != verdict::Verdict::kPass)
      state.SkipWithError("an order where there is none");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(JudgeMessage);

}  // namespace
