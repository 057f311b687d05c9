// What it costs to find the lines of a datagram, and the field of each: a receiver's way beside the plain
// stages, and beside loops as people write them. A datagram with a NUL in it must be refused, so all look for
// one.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "payload.h"
#include "receiver/lines.h"
#include "receiver/tag.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

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

/// Calls `split(message, visit)` again and again; each must visit all lines.
template <typename Split>
void measure(benchmark::State& state, Split split) {
  const Payload& message = payload(static_cast<std::size_t>(state.range(0)));
  std::size_t n_lines = 0;
  for (auto _ : state) {
    split(message, [&n_lines](std::string_view line) {
      benchmark::DoNotOptimize(line.data());
      ++n_lines;
    });
  }
  if (n_lines != count_lines(message) * static_cast<std::size_t>(state.iterations()))
    state.SkipWithError("lines are lost, or made up");
  state.SetLabel(std::to_string(message.bytes().size()) + " B");
}

void SplitReceiver(benchmark::State& state) {
  receiver::Splitter splitter;
  measure(state, [&splitter](const Payload& message, auto visit) {
    const auto lines = splitter.split(message.padded());
    for (const std::string_view line : *lines) visit(line);
  });
}

void SplitPlain(benchmark::State& state) {
  measure(state, [](const Payload& message, auto visit) {
    for (const wire::Assignment& line : wire::split_assignments(*wire::payload(message.bytes())))
      visit(line.line);
  });
}

void SplitMemchr(benchmark::State& state) {
  measure(state, [](const Payload& message, auto visit) {
    std::string_view rest = message.bytes();
    if (!rest.empty() && std::memchr(rest.data(), '\0', rest.size()) != nullptr) return;
    while (!rest.empty()) {
      const void* const end = std::memchr(rest.data(), '\n', rest.size());
      const std::size_t size = end == nullptr
                                   ? rest.size()
                                   : static_cast<std::size_t>(static_cast<const char*>(end) - rest.data());
      visit(rest.substr(0, size));
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  });
}

void SplitByteByByte(benchmark::State& state) {
  measure(state, [](const Payload& message, auto visit) {
    const std::string_view bytes = message.bytes();
    std::size_t begin = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\0') return;
      if (bytes[i] != '\n') continue;
      visit(bytes.substr(begin, i - begin));
      begin = i + 1;
    }
    if (begin < bytes.size()) visit(bytes.substr(begin));
  });
}

void SplitAndClassifyReceiver(benchmark::State& state) {
  receiver::Splitter splitter;
  measure(state, [&splitter](const Payload& message, auto visit) {
    const auto lines = splitter.split(message.padded());
    for (const std::string_view line : *lines) {
      const receiver::Tagged tagged = receiver::classify(line);
      benchmark::DoNotOptimize(tagged.tag);
      visit(line);
    }
  });
}

void SplitAndClassifyMemchr(benchmark::State& state) {
  measure(state, [](const Payload& message, auto visit) {
    std::string_view rest = message.bytes();
    if (!rest.empty() && std::memchr(rest.data(), '\0', rest.size()) != nullptr) return;
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      const field::Field* const field = field::find(line.substr(0, line.find('=')));
      benchmark::DoNotOptimize(field);
      visit(line);
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
  });
}

/// The floor of one long line: a look at each byte for one of two.
void FloorMemchr(benchmark::State& state) {
  const Payload& message = payload(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(std::memchr(message.bytes().data(), '\0', message.bytes().size()));
  state.SetLabel(std::to_string(message.bytes().size()) + " B");
}

constexpr std::int64_t kLast = bench::kPayloads - 1;
BENCHMARK(SplitReceiver)->DenseRange(0, kLast);
BENCHMARK(SplitMemchr)->DenseRange(0, kLast);
BENCHMARK(SplitByteByByte)->DenseRange(0, kLast);
BENCHMARK(SplitPlain)->DenseRange(0, kLast);
BENCHMARK(FloorMemchr)->DenseRange(5, kLast);
BENCHMARK(SplitAndClassifyReceiver)->DenseRange(0, kLast);
BENCHMARK(SplitAndClassifyMemchr)->DenseRange(0, kLast);

}  // namespace
