// A turn: of several processes that share a file, one at a time has it.
#pragma once

#include <expected>
#include <string>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

/// Waits for it; it lasts as long as the fd. Empty `path`: there is nobody to share with.
std::expected<UniqueFd, OsError> wait_for_turn(const std::string& path);

}  // namespace notifyspec::os
