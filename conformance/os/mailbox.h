// A notify socket that keeps what comes with a datagram: the fds themselves, beside bytes and sender.
//
// Who holds a letter decides how long its fds stay open: a sender's barrier waits for that. Takes any length.
// Move-only; the socket's file goes away with the object.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "os/bound_socket.h"
#include "os/error.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

struct Letter {
  std::string data;
  std::optional<pid_t> pid;  ///< of the sender's credentials, as the next
  std::optional<uid_t> uid;
  std::vector<UniqueFd> fds;
  bool truncated = false;  ///< fds are missing
};

class Mailbox {
 public:
  /// Errors as bind_socket() has them.
  static std::expected<Mailbox, OsError> bind(const wire::UnixAddress& address);

  /// Readable when something has come.
  int fd() const { return socket_.fd.get(); }
  /// The next one; nothing where none waits.
  std::expected<std::optional<Letter>, OsError> receive() const;

 private:
  explicit Mailbox(BoundSocket socket) : socket_(std::move(socket)) {}

  BoundSocket socket_;
};

}  // namespace notifyspec::os
