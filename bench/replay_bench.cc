// What it costs to read a recorded boot and to send its messages again, as `notifyspec replay` does, to a
// real AF_UNIX socket. Taking them from it is not timed.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "os/notify_sender.h"
#include "receive_way.h"
#include "text_file.h"
#include "wire/trace.h"
#include "workload.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kBurst = 8;  // below the queue of net.unix.max_dgram_qlen, which is 10 by default

class Replay {
 public:
  explicit Replay(const Workload& boot) {
    std::istringstream text(text_of(boot.trace));
    for (std::string line; std::getline(text, line);) lines_.push_back(line);
    const auto here = fresh_address();
    way_ = find_receive_way("receiver")->make(here);
    auto sender = os::NotifySender::connect(here);
    if (!sender) throw std::runtime_error(sender.error().reason);
    sender_ = std::move(*sender);
  }

  /// All messages, once.
  std::chrono::duration<double> once() {
    std::chrono::duration<double> took = {};
    for (std::size_t next = 1; next < lines_.size();) {  // the first is the header
      const std::uint64_t full = n_sent_ + kBurst;
      const auto begin = Clock::now();
      while (n_sent_ < full && next < lines_.size()) send(lines_[next++]);
      took += Clock::now() - begin;
      while (seen_.datagrams < n_sent_) way_->receive(seen_);
    }
    return took;
  }

  const Seen& seen() const { return seen_; }

 private:
  void send(const std::string& line) {
    if (!wire::parse_event(line, event_)) throw std::runtime_error("no event: " + line);
    const auto* const message = std::get_if<wire::Message>(&event_.body);
    if (message == nullptr) return;
    const auto sent = sender_->send(message->data, static_cast<std::size_t>(message->fds));
    if (!sent) throw std::runtime_error(sent.error().reason);
    ++n_sent_;
  }

  std::vector<std::string> lines_;
  std::unique_ptr<ReceiveWay> way_;
  std::unique_ptr<os::Sender> sender_;
  wire::Event event_;
  std::uint64_t n_sent_ = 0;
  Seen seen_;
};

/// What is in the messages of a boot, by the plain stages.
Seen all_of(const Workload& boot) {
  Seen all;
  for (const Payload& message : boot.messages) {
    const Seen seen = plainly(message.bytes());
    all = {all.datagrams + seen.datagrams, all.lines + seen.lines, all.known + seen.known};
  }
  return all;
}

void replay(benchmark::State& state, const Workload& boot) try {
  Replay replay(boot);
  const Seen each = all_of(boot);
  for (auto _ : state) state.SetIterationTime(replay.once().count());
  const auto n = static_cast<std::uint64_t>(state.iterations());
  if (replay.seen() != Seen{n * each.datagrams, n * each.lines, n * each.known})
    state.SkipWithError("not what is in the trace");
  state.SetItemsProcessed(static_cast<std::int64_t>(replay.seen().datagrams));
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

const bool kRegistered = [] {
  for (const Workload& boot : boots())
    benchmark::RegisterBenchmark(("ReplayTrace/" + boot.name).c_str(), [&boot](benchmark::State& state) {
      replay(state, boot);
    })->UseManualTime();
  return true;
}();

}  // namespace
