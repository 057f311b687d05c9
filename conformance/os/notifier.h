// What a service calls: one message to the socket that $NOTIFY_SOCKET names, as sd_notify(3) describes it.
//
// Each call looks at the environment anew, and each message has a socket of its own. What is returned is what
// the page has under "Return Value": positive where the message was sent, 0 where the variable is not set,
// the negative errno of what went wrong. Reads the process's environment, and may unset the variable, so it
// is for processes of one thread. Does not look into the bytes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wire/address.h"

namespace notifyspec::os {

struct Notification {
  std::string_view state;
  std::span<const int> fds = {};
  pid_t on_behalf_of = 0;          ///< whose credentials go with it; 0, or no privilege for that: our own
  bool unset_environment = false;  ///< whatever comes of the call
};

int notify(const Notification& notification);

/// Sends the message to that place, whatever $NOTIFY_SOCKET says.
int notify_at(const wire::UnixAddress& address, const Notification& notification);

/// Returns once the receiver has closed the fd that goes with BARRIER=1, or after `timeout_usec` (nothing:
/// never) with -ETIMEDOUT.
int notify_barrier(bool unset_environment, std::optional<std::uint64_t> timeout_usec);

/// RELOADING=1 with the MONOTONIC_USEC= of now (systemd.service(5), Type=notify-reload).
int notify_reloading(bool unset_environment);

}  // namespace notifyspec::os
