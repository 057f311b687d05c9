// The adapter of a sender: JSON lines in, calls made, JSON lines out.
//
// The calls of each request are made in a process of their own, forked for them, which has the environment
// that is asked for: the adapter's own never changes, and a sender that dies takes nothing with it. Does not
// see what arrives.
#pragma once

#include "cli/exit_code.h"
#include "cli/sender_calls.h"

namespace notifyspec::cli {

/// Answers requests on standard input until "stop", or until it ends.
ExitCode serve_sender(SenderCalls& sender, bool own_address = false);

}  // namespace notifyspec::cli
