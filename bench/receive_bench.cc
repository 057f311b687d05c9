// What it costs to receive datagrams from a real AF_UNIX socket, by the ways of receive_way.h.
//
// A burst is sent, which is not timed, and then received, which is.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <string>

#include "payload.h"
#include "receive_way.h"

namespace {

using namespace notifyspec::bench;

constexpr std::size_t kBurst = 8;  // below the queue of net.unix.max_dgram_qlen, which is 10 by default

void receive_by(benchmark::State& state, const ReceiveWayEntry& entry, const Payload& message) try {
  const auto here = fresh_address();
  const auto way = entry.make(here);
  const Source source(here, entry.n_fds);
  Seen seen;
  for (auto _ : state) {
    source.send(message.bytes(), kBurst);
    const std::uint64_t wanted = seen.datagrams + kBurst;
    const auto begin = std::chrono::steady_clock::now();
    while (seen.datagrams < wanted) way->receive(seen);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(took.count());
  }
  const auto n_sent = static_cast<std::uint64_t>(state.iterations()) * kBurst;
  if (seen.datagrams != n_sent) state.SkipWithError("more came than was sent");
  state.SetItemsProcessed(static_cast<std::int64_t>(n_sent));
  state.SetLabel(std::to_string(message.bytes().size()) + " B");
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

/// Registered as the program starts.
const bool kRegistered = [] {
  for (const ReceiveWayEntry& entry : receive_ways())
    for (const Payload& message : payloads()) {
      const std::string name = "Receive/" + std::string(entry.name) + "/" + message.name();
      benchmark::RegisterBenchmark(name.c_str(), [&](benchmark::State& state) {
        receive_by(state, entry, message);
      })->UseManualTime();
    }
  return true;
}();

}  // namespace
