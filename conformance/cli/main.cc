// notifyspec: the conformance suite for systemd's sd_notify protocol, as one command line tool.
//
// Each subcommand lives in the file of its name; here is only what they share.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/subcommands.h"

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
    const bool good = app.exit(error) == 0;  // --help and --version end here, too
    code = good ? ExitCode::kConforms : ExitCode::kUsage;
  }
  return static_cast<int>(code);
}
