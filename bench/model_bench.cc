// What one datagram costs a receiver: from bytes in memory through lines, fields and model to what it
// concludes.
#include <benchmark/benchmark.h>

#include <array>
#include <string_view>

#include "model/service.h"

namespace {

using namespace notifyspec;

/// As services send them, each in its usual share: mostly keep-alives and status.
constexpr std::array<std::string_view, 10> kMixed = {
    "WATCHDOG=1",
    "STATUS=Processing requests...",
    "WATCHDOG=1",
    "READY=1\nSTATUS=Processing requests...\nMAINPID=100\nWATCHDOG_USEC=20000000",
    "WATCHDOG=1",
    "RELOADING=1\nMONOTONIC_USEC=4711000000",
    "READY=1",
    "STATUS=Completed 66% of file system check...",
    "ERRNO=2\nBUSERROR=org.freedesktop.DBus.Error.TimedOut\nSTATUS=Failed to connect",
    "X_ACME_CLIENTS=17\nX_ACME_LOAD=0.7\nWATCHDOG=1\n",
};

void TakeDatagrams(benchmark::State& state, std::string_view name) {
  constexpr std::int64_t kMain = 100;
  model::Service service(model::find_profile(name).value(), {},
                         model::Processes({{kMain, model::Role::kMain, {}}}));
  std::int64_t n_taken = 0;
  for (auto _ : state) {
    for (const std::string_view bytes : kMixed)
      n_taken += service.take({.bytes = bytes, .pid = kMain}) == model::Fate::kTaken ? 1 : 0;
  }
  const bool all = n_taken == state.iterations() * static_cast<std::int64_t>(kMixed.size());
  const bool right =
      service.state() == model::State::kRunning && service.conclude()[1].second == "Failed to connect";
  if (!all || !right) state.SkipWithError("not what the datagrams say");
  state.SetItemsProcessed(n_taken);
}
BENCHMARK_CAPTURE(TakeDatagrams, documented, "documented");
BENCHMARK_CAPTURE(TakeDatagrams, systemd_262, "systemd-262");

}  // namespace
