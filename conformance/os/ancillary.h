// What the kernel puts beside the bytes of a message: credentials, fds, the time of the send.
//
// Fds are counted and closed at once: nobody here wants them, and a barrier waits for that. Does not look at
// the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "os/controls.h"

namespace notifyspec::os {

struct Ancillary {
  std::optional<ucred> sender;            ///< SO_PASSCRED
  std::size_t n_fds = 0;                  ///< how many came; they are closed
  std::optional<std::int64_t> wall_nsec;  ///< SO_TIMESTAMPNS: CLOCK_REALTIME of the send, nanoseconds
};

/// Reads what recvmsg() has put into `header`. Once for each message: it closes the fds.
Ancillary take_ancillary(const msghdr& header);

}  // namespace notifyspec::os
