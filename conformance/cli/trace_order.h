// Puts the events of a trace in the order of t, where one was told late: a probe reports what happened
// before.
//
// Holds the whole trace in memory while it does.
#pragma once

#include <expected>
#include <string>

namespace notifyspec::cli {

/// Writes the trace at `path` anew, in order, in one step; events of one instant keep their order. The error
/// is a sentence.
std::expected<void, std::string> sort_trace(const std::string& path);

}  // namespace notifyspec::cli
