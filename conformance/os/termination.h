// The request to end: SIGTERM, SIGINT and SIGHUP as a readable fd in place of a handler; and whether the
// program that started this one is still there.
//
// Move-only. The signals stay blocked when the object goes, so that none can cut the cleaning up short.
#pragma once

#include <expected>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

class Termination {
 public:
  static std::expected<Termination, OsError> watch();

  /// Readable once somebody asked.
  int fd() const { return fd_.get(); }

 private:
  explicit Termination(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

/// Whether standard input is a pipe or a socket: its end then means that whoever holds the other side is
/// gone.
bool stdin_is_lifeline();

/// Throws away what can be read from standard input; whether it has come to its end.
bool stdin_has_ended();

/// A write that cannot be done gives an error (EPIPE, EFBIG) in place of a silent death.
void ignore_write_signals();

}  // namespace notifyspec::os
