// The subcommands of `notifyspec`: each adds itself to the command line, and once it has run says how it
// ended.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/exit_code.h"

namespace notifyspec::cli {

void add_decode(CLI::App& app, ExitCode& code);
void add_record(CLI::App& app, ExitCode& code);
void add_judge(CLI::App& app, ExitCode& code);
void add_compare(CLI::App& app, ExitCode& code);
void add_replay(CLI::App& app, ExitCode& code);
void add_receive(CLI::App& app, ExitCode& code);
void add_play(CLI::App& app, ExitCode& code);
void add_grade(CLI::App& app, ExitCode& code);
void add_list(CLI::App& app, ExitCode& code);
void add_send(CLI::App& app, ExitCode& code);
void add_arrive(CLI::App& app, ExitCode& code);

}  // namespace notifyspec::cli
