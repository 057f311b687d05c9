// The number by which the kernel tells one process from all others that ever have its pid.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace notifyspec::os {

/// The inode number of a pidfd of `pid` (what sd_notify(3) calls MAINPIDFDID). Nothing where there is no such
/// process, or where the kernel (before 6.9) gives all pidfds the same.
std::optional<std::uint64_t> pidfd_id(pid_t pid);

}  // namespace notifyspec::os
