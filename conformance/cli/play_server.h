// Vectors played on request: JSON lines on standard input and standard output, for one who drives an adapter.
//
// Requests, each with `seq`, which the answer repeats: `start` (answers the pids of the processes that send),
// `play` (vector, address), `go-on` (after a pause), `look` (what became of the fds; ends the vector),
// `stop`.
#pragma once

#include <span>

#include "cli/exit_code.h"
#include "verdict/vector.h"

namespace notifyspec::cli {

/// Until `stop`, or the end of standard input.
ExitCode serve_plays(std::span<const verdict::Vector> vectors);

}  // namespace notifyspec::cli
