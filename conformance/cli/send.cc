// notifyspec send: the reference sender, as an adapter.
#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <vector>

#include "cli/sender_adapter.h"
#include "cli/subcommands.h"
#include "os/notifier.h"
#include "os/null_fds.h"

namespace notifyspec::cli {
namespace {

class Reference final : public SenderCalls {
 public:
  std::string name() const override { return "notifyspec"; }
  std::string version() const override { return NOTIFYSPEC_VERSION; }

  Returned notify(const NotifyCall& call, int child) override {
    const auto fds = os::NullFds::open(call.fds);
    if (!fds) return std::unexpected(fds.error().reason);
    return os::notify({.state = call.state,
                       .fds = fds->all(),
                       .on_behalf_of = child,
                       .unset_environment = call.unset_environment});
  }
  Returned barrier(const BarrierCall& call) override {
    return os::notify_barrier(call.unset_environment, call.timeout_usec);
  }
  Returned reloading(const ReloadingCall& call) override {
    return os::notify_reloading(call.unset_environment);
  }
};

}  // namespace

void add_send(CLI::App& app, ExitCode& code) {
  CLI::App* const send = app.add_subcommand(
      "send", "The reference sender: an adapter that is told on standard input what to send");
  send->footer(
      "JSON lines in, JSON lines out; fixtures/README.md, \"Adapters\", has the requests and answers.\n"
      "Exit status: 0 asked to stop, or the input has ended; 2 what came is no request; 5 this machine "
      "refuses.");
  send->callback([&code] {
    Reference reference;
    code = serve_sender(reference);
  });
}

}  // namespace notifyspec::cli
