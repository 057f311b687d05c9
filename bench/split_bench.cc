// What it costs to find the lines of a datagram, and the field of each: a receiver's way beside the plain
// stages, and beside loops as people write them (split_way.h).
#include <benchmark/benchmark.h>

#include <cstring>

#include "known.h"
#include "payload.h"
#include "split_way.h"

namespace {

using namespace notifyspec;
using bench::payload;
using bench::Payload;

std::size_t count_lines(const Payload& message) {
  std::size_t count = 0;
  for (const wire::Assignment& line : wire::split_assignments(message.bytes()))
    count += line.line.data() != nullptr;
  return count;
}

/// Splits again and again; `look(line)` sees each line, and all must be seen.
template <typename Way, typename Look>
void measure(benchmark::State& state, Way split, Look look) {
  const Payload& message = payload(static_cast<std::size_t>(state.range(0)));
  std::size_t n_lines = 0;
  for (auto _ : state) {
    split(message, [&](std::string_view line) {
      look(line);
      ++n_lines;
    });
  }
  if (n_lines != count_lines(message) * static_cast<std::size_t>(state.iterations()))
    state.SkipWithError("lines are lost, or made up");
  state.SetLabel(std::to_string(message.bytes().size()) + " B");
}

template <typename Way>
void split_by(benchmark::State& state) {
  measure(state, Way(), [](std::string_view line) { benchmark::DoNotOptimize(line.data()); });
}

void SplitReceiver(benchmark::State& state) {
  split_by<bench::ByReceiver>(state);
}
void SplitPlain(benchmark::State& state) {
  split_by<bench::ByPlain>(state);
}
void SplitMemchr(benchmark::State& state) {
  split_by<bench::ByMemchr>(state);
}
void SplitByteByByte(benchmark::State& state) {
  split_by<bench::ByteByByte>(state);
}

void SplitAndClassifyReceiver(benchmark::State& state) {
  measure(state, bench::ByReceiver(),
          [](std::string_view line) { benchmark::DoNotOptimize(bench::is_known_by_tag(line)); });
}
void SplitAndClassifyMemchr(benchmark::State& state) {
  measure(state, bench::ByMemchr(),
          [](std::string_view line) { benchmark::DoNotOptimize(bench::is_known_by_table(line)); });
}

/// The floor of one long line: a look at each byte for one of two.
void FloorMemchr(benchmark::State& state) {
  const Payload& message = payload(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(std::memchr(message.bytes().data(), '\0', message.bytes().size()));
  state.SetLabel(std::to_string(message.bytes().size()) + " B");
}

constexpr std::int64_t kLast = bench::kWhole - 1;
BENCHMARK(SplitReceiver)->DenseRange(0, kLast);
BENCHMARK(SplitMemchr)->DenseRange(0, kLast);
BENCHMARK(SplitByteByByte)->DenseRange(0, kLast);
BENCHMARK(SplitPlain)->DenseRange(0, kLast);
BENCHMARK(FloorMemchr)->DenseRange(5, kLast);
BENCHMARK(SplitAndClassifyReceiver)->DenseRange(0, kLast);
BENCHMARK(SplitAndClassifyMemchr)->DenseRange(0, kLast);

}  // namespace
