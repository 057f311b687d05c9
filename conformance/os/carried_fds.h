// The fds that a message carries: as many as are wanted, all of /dev/null, since a trace says only how many
// there were.
//
// Move-only.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>
#include <expected>
#include <string_view>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

class CarriedFds {
 public:
  static std::expected<CarriedFds, OsError> open();

  /// One send of `data` on `socket`, with `count` fds; as send(2). REQUIRES: count <= kMaxFds.
  ssize_t send(int socket, std::string_view data, std::size_t count) const;

 private:
  explicit CarriedFds(UniqueFd null) : null_(std::move(null)) {}

  UniqueFd null_;
};

}  // namespace notifyspec::os
