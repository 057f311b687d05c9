// The messages of recorded boots, in their order, before each stage: lines, fields, and the judge of the
// whole trace.
#include <benchmark/benchmark.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "keep.h"
#include "known.h"
#include "split_way.h"
#include "text_file.h"
#include "verdict/judge.h"
#include "wire/trace.h"
#include "workload.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;

template <typename Way>
void split(benchmark::State& state, const Workload& boot, bool (*is_known)(std::string_view)) {
  Way way;
  std::size_t n_known = 0, n_expected = 0;
  for (const Payload& message : boot.messages)
    ByPlain()(message, [&](std::string_view line) { n_expected += is_known_by_table(line) ? 1 : 0; });
  for (auto _ : state)
    for (const Payload& message : boot.messages)
      way(message, [&](std::string_view line) { n_known += is_known(line) ? 1 : 0; });
  const auto n_passes = static_cast<std::size_t>(state.iterations());
  if (n_expected == 0 || n_known != n_expected * n_passes) state.SkipWithError("fields are lost, or made up");
  state.SetItemsProcessed(static_cast<std::int64_t>(n_passes * boot.messages.size()));
}

void read(benchmark::State& state, const Workload& boot) {
  std::vector<std::string> lines;
  std::istringstream text(text_of(boot.trace));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  wire::Event event;
  std::size_t n_read = 0;
  for (auto _ : state)
    for (std::size_t i = 1; i < lines.size(); ++i)
      n_read += wire::parse_event(lines[i], event).has_value() ? 1 : 0;
  const auto n_passes = static_cast<std::size_t>(state.iterations());
  if (n_read != n_passes * (lines.size() - 1)) state.SkipWithError("a line was not read");
  state.SetItemsProcessed(static_cast<std::int64_t>(n_read));
}

struct Recorded {
  wire::TraceHeader header;
  std::vector<wire::Event> events;
};

Recorded recorded(const std::string& path) {
  std::istringstream text(text_of(path));
  std::string line;
  std::getline(text, line);
  Recorded trace = {.header = wire::parse_header(line).value(), .events = {}};
  while (std::getline(text, line))
    if (!wire::parse_event(line, trace.events.emplace_back())) throw std::runtime_error("no event: " + line);
  return trace;
}

void judge(benchmark::State& state, const Workload& boot) {
  const auto requirements = verdict::parse_requirements(text_of(NOTIFYSPEC_REQUIREMENTS)).value();
  const Recorded trace = recorded(boot.trace);
  const int systemd = verdict::systemd_version(trace.header.systemd.value()).value();
  std::size_t n_failed = 0, n_passed = 0;
  for (auto _ : state) {
    verdict::Judge judge(requirements, trace.header, systemd, {});
    for (std::size_t i = 0; i < trace.events.size(); ++i) judge.see(trace.events[i], i + 2);
    for (const verdict::Judgement& each : judge.conclude()) {
      n_failed += each.verdict == verdict::Verdict::kFail ? 1 : 0;
      n_passed += each.verdict == verdict::Verdict::kPass ? 1 : 0;
    }
  }
  if (n_failed != 0 || n_passed == 0) state.SkipWithError("a real boot does not conform");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(trace.events.size()));
}

template <typename Run>
void add(const char* name, Run run) {
  for (const Workload& boot : boots())
    benchmark::RegisterBenchmark((std::string(name) + "/" + boot.name).c_str(),
                                 [run, &boot](benchmark::State& state) { run(state, boot); });
}

const bool kRegistered = [] {
  using State = benchmark::State;
  add("SplitAndClassifyReceiver",
      [](State& s, const Workload& b) { split<ByReceiver>(s, b, is_known_by_tag); });
  add("SplitAndClassifyMemchr",
      [](State& s, const Workload& b) { split<ByMemchr>(s, b, is_known_by_table); });
  add("SplitAndClassifyPlain", [](State& s, const Workload& b) { split<ByPlain>(s, b, is_known_by_table); });
  add("ReadTrace", read);
  add("JudgeTrace", judge);
  return true;
}();

}  // namespace
