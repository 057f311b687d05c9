// A vector played by a service, from inside: the receiver is the service manager that started this process.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "verdict/vector.h"

namespace notifyspec::cli {

struct InsidePlay {
  std::string address;          ///< of the receiver
  std::string result;           ///< file or FIFO to which one line is appended
  std::string stranger_cgroup;  ///< where a process that is not of the service goes
  std::string turn;             ///< file by whose lock one waits for one's turn; empty: plays at once
  std::string reload;           ///< command that asks for a reload of the service
};

/// Plays, writes what it saw, and stays until somebody kills it: a service that ends is concluded otherwise.
/// Returns only where nothing could be written.
ExitCode play_inside(const verdict::Vector& vector, const InsidePlay& play);

}  // namespace notifyspec::cli
