// Sends datagrams to a notify socket: bytes, boundaries and fds just as they are given.
//
// One socket for all of them (libsystemd makes one for each message; a receiver cannot tell). Waits while the
// receiver's queue is full. Move-only.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "os/error.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

class NotifySender {
 public:
  /// An error where nobody listens on `address`.
  static std::expected<NotifySender, OsError> connect(const wire::UnixAddress& address);

  /// One datagram, with `n_fds` fds of /dev/null. REQUIRES: n_fds <= kMaxFds.
  std::expected<void, OsError> send(std::string_view data, std::size_t n_fds) const;

 private:
  NotifySender(UniqueFd socket, UniqueFd null) : socket_(std::move(socket)), null_(std::move(null)) {}

  UniqueFd socket_;
  UniqueFd null_;
};

}  // namespace notifyspec::os
