// A deputy: another process that sends messages on our behalf, so that they carry its pid and its uid.
//
// It does what it is told over a socket, one message after the other, and ends with us. Move-only.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "os/error.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

/// How a deputy differs from us.
struct DeputySetup {
  std::optional<uid_t> uid;  ///< user and group id; needs privilege
  std::string cgroup;        ///< folder of the cgroup that it moves to; empty: ours
};

class Deputy {
 public:
  static std::expected<Deputy, OsError> start(const DeputySetup& setup);

  Deputy(Deputy&& other) noexcept;
  Deputy& operator=(Deputy&& other) noexcept;
  ~Deputy();

  pid_t pid() const { return pid_; }

  /// Sends one message from there; returns when it is sent. The fds are given away with it.
  std::expected<void, OsError> send(const SocketAddress& to, std::string_view data, std::span<const int> fds,
                                    int flags);

 private:
  Deputy(pid_t pid, UniqueFd line) : pid_(pid), line_(std::move(line)) {}

  pid_t pid_ = -1;
  UniqueFd line_;
};

/// This process as another user, group and all; needs privilege.
std::expected<void, OsError> become(uid_t uid);

/// One message from this process, by a socket of its own, as libsystemd sends it.
std::expected<void, OsError> send_once(const SocketAddress& to, std::string_view data,
                                       std::span<const int> fds, int flags);

}  // namespace notifyspec::os
