// Sends datagrams to a notify socket of AF_UNIX: bytes, boundaries and fds just as they are given.
//
// One socket for all of them (libsystemd makes one for each message; a receiver cannot tell). Waits while the
// receiver's queue is full. Move-only.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <string_view>
#include <utility>

#include "os/carried_fds.h"
#include "os/error.h"
#include "os/sender.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

class NotifySender final : public Sender {
 public:
  /// An error where nobody listens on `address`.
  static std::expected<std::unique_ptr<Sender>, OsError> connect(const wire::UnixAddress& address);

  std::expected<void, OsError> send(std::string_view data, std::size_t n_fds) override;

 private:
  NotifySender(UniqueFd socket, CarriedFds fds) : socket_(std::move(socket)), fds_(std::move(fds)) {}

  UniqueFd socket_;
  CarriedFds fds_;
};

}  // namespace notifyspec::os
