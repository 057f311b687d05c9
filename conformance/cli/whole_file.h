// A file that is read at once, for what is small by nature.
#pragma once

#include <expected>
#include <string>

namespace notifyspec::cli {

/// Its bytes; an error is a sentence that begins with `path`.
std::expected<std::string, std::string> read_whole(const std::string& path);

}  // namespace notifyspec::cli
