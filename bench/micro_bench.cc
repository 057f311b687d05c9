// Google Benchmark's main, but for its exit code: 0 where every benchmark has found its answer right, 5 where
// one is void, 6 where none ran, 2 where an option is not known.
//
// usage: notifyspec_bench [--plant] [BENCHMARK_OPTION...]     --plant: with one that is void, to see it red
#include <benchmark/benchmark.h>

#include <memory>
#include <string_view>
#include <vector>

#include "os/listening_socket.h"
#include "unfit.h"

namespace {

/// Shows what another shows, and counts those that are void.
class Watching final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override { return shown_->ReportContext(context); }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      n_void_ += run.error_occurred && !run.error_message.starts_with(notifyspec::bench::kSkipped) ? 1 : 0;
    shown_->ReportRuns(runs);
  }
  void Finalize() override { shown_->Finalize(); }

  std::size_t n_void() const { return n_void_; }

 private:
  std::unique_ptr<BenchmarkReporter> shown_{benchmark::CreateDefaultDisplayReporter()};
  std::size_t n_void_ = 0;
};

void planted(benchmark::State& state) {
  while (state.KeepRunning()) {
  }
  state.SkipWithError("planted");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string_view("--plant")) {
    benchmark::RegisterBenchmark("Planted", planted);
    argv[1] = argv[0];
    ++argv, --argc;
  }
  notifyspec::os::raise_fd_limit();  // for whole batches (os/batch.h)
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  Watching watching;
  const std::size_t n_run = benchmark::RunSpecifiedBenchmarks(&watching);
  benchmark::Shutdown();
  if (n_run == 0) return 6;
  return watching.n_void() == 0 ? 0 : 5;
}
