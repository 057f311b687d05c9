// notifyspec send: the reference sender, as an adapter.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/bug_name.h"
#include "cli/planted/sender_bug.h"
#include "cli/sender_adapter.h"
#include "cli/subcommands.h"

namespace notifyspec::cli {
namespace {

std::vector<std::string> bug_names() {
  std::vector<std::string> names = {std::string(kNoBug)};
  for (const SenderBug* bug : sender_bugs()) names.emplace_back(bug->name);
  return names;
}

ExitCode send_with(const std::string& bug, bool own_address) {
  const SenderBug* const found = find_sender_bug(bug);
  Sender sender(found == nullptr ? SenderBug{.name = "", .what = ""} : *found);
  return serve_sender(sender, own_address);
}

}  // namespace

void add_send(CLI::App& app, ExitCode& code) {
  CLI::App* const send = app.add_subcommand(
      "send", "The reference sender: an adapter that is told on standard input what to send");
  send->footer(
      "JSON lines in, JSON lines out; fixtures/README.md, \"Adapters\", has the requests and answers.\n"
      "Exit status: 0 asked to stop, or the input has ended; 2 what came is no request; 5 this machine "
      "refuses.");
  const auto bug = std::make_shared<std::string>(kNoBug);
  send->add_option("--bug", *bug, "Have this bug (`notifyspec list bugs`), or none")
      ->check(BugName(bug_names()))
      ->capture_default_str();
  const auto own_address = std::make_shared<bool>(false);
  send->add_flag("--own-address", *own_address,
                 "Send to the $NOTIFY_SOCKET it was started with, whatever a request says");
  send->callback([bug, own_address, &code] { code = send_with(*bug, *own_address); });
}

}  // namespace notifyspec::cli
