// A command that is run to its end, with nothing of ours but its words and its standard error.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "os/error.h"

namespace notifyspec::os {

/// Its exit status, -1 where a signal ended it. It finds no $NOTIFY_SOCKET: tools of systemd would speak to
/// it.
std::expected<int, OsError> run_command(std::span<const std::string> words);

}  // namespace notifyspec::os
