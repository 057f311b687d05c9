// notifyspec: the conformance suite for systemd's sd_notify protocol, as one command line tool.
//
// Each subcommand lives in the file of its name; here is only what they share.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/complaint.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/nearest.h"
#include "cli/subcommands.h"

namespace notifyspec::cli {
namespace {

/// Of words that no subcommand took. CLI11 itself would say that one is required, and leave the word out.
std::string stranger(const CLI::App& app, const std::string& word) {
  if (word.starts_with('-')) return word + " is no option";
  std::vector<std::string> known;
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(each->get_name());
  const std::string_view near = nearest(word, known);
  if (near.empty()) return fmt::format("{} is no subcommand; there are {}", word, fmt::join(known, ", "));
  return fmt::format("{} is no subcommand; did you mean {}?", word, near);
}

}  // namespace
}  // namespace notifyspec::cli

int main(int argc, char** argv) {
  using notifyspec::cli::ExitCode;
  CLI::App app("Conformance suite for the sd_notify protocol of systemd", "notifyspec");
  app.set_version_flag("--version", "notifyspec " NOTIFYSPEC_VERSION);
  app.formatter(std::make_shared<notifyspec::cli::Help>());  // before there are subcommands: they inherit it
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 conforms; 1 does not conform; 2 wrong usage or unreadable input; 3 the baseline no "
      "longer\n"
      "tells the truth; 4 the adapter failed; 5 this machine cannot run it, or inconclusive; 6 nothing ran.");
  auto code = ExitCode::kConforms;
  notifyspec::cli::add_decode(app, code);
  notifyspec::cli::add_record(app, code);
  notifyspec::cli::add_judge(app, code);
  notifyspec::cli::add_compare(app, code);
  notifyspec::cli::add_replay(app, code);
  notifyspec::cli::add_receive(app, code);
  notifyspec::cli::add_play(app, code);
  notifyspec::cli::add_grade(app, code);
  notifyspec::cli::add_list(app, code);
  notifyspec::cli::add_send(app, code);
  notifyspec::cli::add_arrive(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto rest = app.remaining();
    if (app.get_subcommands().empty() && !rest.empty() && dynamic_cast<const CLI::RequiredError*>(&error))
      return static_cast<int>(complain(ExitCode::kUsage, notifyspec::cli::stranger(app, rest.front())));
    const bool good = app.exit(error) == 0;  // --help and --version end here, too
    code = good ? ExitCode::kConforms : ExitCode::kUsage;
  }
  return static_cast<int>(code);
}
