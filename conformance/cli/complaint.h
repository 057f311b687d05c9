// The sentence on standard error that says why a subcommand ends as it does.
#pragma once

#include <string_view>

#include "cli/exit_code.h"

namespace notifyspec::cli {

/// Prints "notifyspec: REASON" and gives `code` back.
ExitCode complain(ExitCode code, std::string_view reason);

}  // namespace notifyspec::cli
