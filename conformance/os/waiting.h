// Waiting for one of several fds, with a deadline: the one place where this program stands still.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "os/error.h"

namespace notifyspec::os {

/// Returns when one of `fds` is readable or has come to its end, or at `deadline_usec` (CLOCK_MONOTONIC;
/// nothing: never; a time that has passed: at once).
std::expected<void, OsError> wait_readable(std::span<const int> fds,
                                           std::optional<std::int64_t> deadline_usec);

/// Whether `fd` is readable, or has come to its end, now.
bool is_readable(int fd);

}  // namespace notifyspec::os
