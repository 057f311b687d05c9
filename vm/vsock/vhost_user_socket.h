// The connection to the VMM: whole vhost-user messages with their fds come out of it, replies go in.
//
// Move-only; fds that came with a message are closed with it. Never blocks. Does not act on messages: see
// vhost_user_device.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "os/unique_fd.h"
#include "vsock/vhost_user_message.h"

namespace notifyspec::vsock {

struct VhostMessage {
  std::uint32_t request = 0;
  bool wants_reply = false;
  Body body;
  std::vector<os::UniqueFd> fds;
};

/// Why there will be no more messages.
struct VmmGone {
  std::string reason;  ///< empty: it has closed the connection, as it may
};

class VhostUserSocket {
 public:
  explicit VhostUserSocket(os::UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }
  /// The next message; nothing where it has not come whole yet.
  std::expected<std::optional<VhostMessage>, VmmGone> receive();
  std::expected<void, VmmGone> reply(std::uint32_t request, std::span<const std::byte> body) const;

 private:
  std::expected<bool, VmmGone> fill(std::size_t size);

  os::UniqueFd fd_;
  std::vector<std::byte> received_;  ///< of one message
  std::vector<os::UniqueFd> fds_;
};

}  // namespace notifyspec::vsock
