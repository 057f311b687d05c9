// What it costs to receive datagrams from a real AF_UNIX socket, by the ways of receive_way.h: one message
// again and again; the messages of a recorded boot; and bursts that fill a queue of 10 and of 512.
//
// A burst is sent, which is not timed, and then received, which is.
#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "receive_way.h"
#include "socket_queue.h"
#include "unfit.h"
#include "workload.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;

constexpr std::size_t kBurst = 8;  // below the queue of net.unix.max_dgram_qlen, which is 10 by default

struct Queue {
  std::size_t length, burst;
};
/// Of the longer one as many as a sender's buffer lets wait.
constexpr std::array<Queue, 2> kQueues = {{{10, 10}, {512, 256}}};
constexpr std::array<std::string_view, 9> kQueued = {"receiver", "receiver-8", "receiver-pidfd",
                                                     "floor",    "floor-8",    "floor-pidfd",
                                                     "drained",  "loop",       "loop-pidfd"};

/// A workload that is sent in bursts, one message after the other, round and round.
class Sent {
 public:
  Sent(const Workload& work, const Source& source) : work_(work), source_(source) {
    for (const Payload& message : work.messages) each_.push_back(plainly(message.bytes()));
  }
  void burst(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      source_.send(work_.messages[next_].bytes(), 1);
      ++all_.datagrams;
      all_.lines += each_[next_].lines;
      all_.known += each_[next_].known;
      next_ = next_ + 1 < each_.size() ? next_ + 1 : 0;
    }
  }
  const Seen& all() const { return all_; }

 private:
  const Workload& work_;
  const Source& source_;
  std::vector<Seen> each_;
  std::size_t next_ = 0;
  Seen all_;
};

void receive_by(benchmark::State& state, const ReceiveWayEntry& entry, const Workload& work,
                std::size_t burst = kBurst) {
  const auto here = fresh_address();
  const auto way = entry.make(here);
  const Source source(here, entry.n_fds);
  Sent sent(work, source);
  Seen seen;
  for (auto _ : state) {
    sent.burst(burst);
    const auto begin = std::chrono::steady_clock::now();
    while (seen.datagrams < sent.all().datagrams) way->receive(seen);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(took.count());
  }
  const Seen expected = entry.is_blind ? Seen{.datagrams = sent.all().datagrams} : sent.all();
  if (seen != expected) state.SkipWithError("not what was sent");
  state.SetItemsProcessed(static_cast<std::int64_t>(expected.datagrams));
  if (work.messages.size() == 1) state.SetLabel(std::to_string(work.messages.front().bytes().size()) + " B");
}

/// `run(state)`, whose exceptions are its errors.
template <typename Run>
void add(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), [run](benchmark::State& state) {
    try {
      run(state);
    } catch (const Unfit& unfit) {
      state.SkipWithError(skipped(unfit).c_str());
    } catch (const std::exception& error) {
      state.SkipWithError(error.what());
    }
  })->UseManualTime();
}

void add_queues(const ReceiveWayEntry& entry) {
  const Workload& status = workloads().at(2);
  for (const Queue queue : kQueues)
    add("ReceiveQueue/" + std::string(entry.name) + "/" + std::to_string(queue.length),
        [&entry, &status, queue](benchmark::State& state) {
          const SocketQueue here(queue.length);
          receive_by(state, entry, status, queue.burst);
        });
}

/// Registered as the program starts.
const bool kRegistered = [] {
  for (const ReceiveWayEntry& entry : receive_ways())
    for (const Workload& work : workloads())
      add("Receive/" + std::string(entry.name) + "/" + work.name,
          [&](benchmark::State& state) { receive_by(state, entry, work); });
  for (const std::string_view name : kQueued) add_queues(*find_receive_way(name));
  return true;
}();

}  // namespace
