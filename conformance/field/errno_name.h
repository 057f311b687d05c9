// Names of errno values, as Linux spells them: ENOENT, and its aliases, EWOULDBLOCK.
//
// The documents have ERRNO= as a number; systemd takes names, too, in letters of either case.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace notifyspec::field {

/// The number of `name`, or nothing.
std::optional<std::uint64_t> errno_of(std::string_view name);

}  // namespace notifyspec::field
