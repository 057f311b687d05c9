// The child of systemd-notify --fork: it alone is listened to, so it sends on what comes to the address that
// we give away, bytes and fds, and tells whether anybody still listens.
#pragma once

#include <string>

#include "cli/exit_code.h"

namespace notifyspec::fork_adapter {

/// What the child says, each in one packet on the connection to its adapter.
inline constexpr const char* kListening = "listening";
inline constexpr const char* kHeard = "heard";       ///< all is taken, and more would be
inline constexpr const char* kDeaf = "deaf";         ///< nobody listens any more
inline constexpr const char* kTooLate = "too late";  ///< so, and something came behind that
inline constexpr const char* kRefused = "refused";   ///< a message with fds was an error for who sent it
inline constexpr const char* kStranger =
    "stranger";  ///< something came from another process than the main one

struct ChildArguments {
  std::string connection;  ///< abstract name at which the adapter waits for its child
  std::string address;     ///< abstract name to give away
  long main_pid = 0;
};

/// Runs until its adapter closes the connection.
cli::ExitCode run_child(const ChildArguments& arguments);

}  // namespace notifyspec::fork_adapter
