// What one datagram costs to split and to read, and what one trace line costs.
#include <benchmark/benchmark.h>

#include <string>

#include "field/value.h"
#include "wire/assignment.h"
#include "wire/datagram.h"
#include "wire/trace.h"

namespace {

using namespace notifyspec;

const std::string kFourLines = "READY=1\nSTATUS=Processing requests...\nMAINPID=4711\nWATCHDOG_USEC=20000000";

void SplitFourLines(benchmark::State& state) {
  std::int64_t n_lines = 0;
  for (auto _ : state)
    for (const wire::Assignment& assignment : wire::split_assignments(*wire::payload(kFourLines))) {
      benchmark::DoNotOptimize(assignment.value.data());
      ++n_lines;
    }
  if (n_lines != 4 * state.iterations()) state.SkipWithError("not four lines");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kFourLines.size()));
}
BENCHMARK(SplitFourLines);

void ReadFourFields(benchmark::State& state) {
  std::int64_t n_values = 0;
  for (auto _ : state)
    for (const wire::Assignment& assignment : wire::split_assignments(*wire::payload(kFourLines)))
      if (const field::Field* field = field::find(assignment.name))
        n_values += field::parse_value(field->type, assignment.value).has_value() ? 1 : 0;
  if (n_values != 4 * state.iterations()) state.SkipWithError("not four values");
}
BENCHMARK(ReadFourFields);

void ReadTraceLine(benchmark::State& state) {
  const std::string line =
      R"({"t":0.479332,"kind":"message","data":"X_SYSTEMD_UNIT_ACTIVE=multi-user.target","pid":17498,"uid":0,"gid":0})";
  wire::Event event;
  std::int64_t n_read = 0;
  for (auto _ : state) n_read += wire::parse_event(line, event).has_value() ? 1 : 0;
  if (n_read != state.iterations() || event.t_usec != 479332) state.SkipWithError("not read");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(ReadTraceLine);

}  // namespace
