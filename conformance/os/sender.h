// What sends messages to one endpoint, whatever kind of socket that is: bytes, boundaries, and fds where the
// transport has them.
//
// Does not know what it sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string_view>

#include "os/error.h"
#include "wire/endpoint.h"

namespace notifyspec::os {

class Sender {
 public:
  Sender() = default;
  Sender(Sender&&) = default;
  Sender& operator=(Sender&&) = default;
  virtual ~Sender() = default;

  /// One message, with `n_fds` fds of /dev/null on AF_UNIX and none elsewhere. REQUIRES: n_fds <= kMaxFds.
  virtual std::expected<void, OsError> send(std::string_view data, std::size_t n_fds) = 0;
};

/// To datagrams of AF_UNIX over one socket, an error where nobody listens; to all others, whatever kind they
/// are, over a connection or a socket for each message, so that an error shows when it is sent.
/// `patience_usec`: how long a listener may take to read a message and to close.
std::expected<std::unique_ptr<Sender>, OsError> send_to(const wire::Endpoint& endpoint,
                                                        std::int64_t patience_usec);

}  // namespace notifyspec::os
