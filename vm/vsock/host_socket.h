// A connected AF_UNIX socket of the host, stream or seqpacket, that never blocks; and a listening one.
//
// Move-only. Does not know connections or credit: see host_side.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "os/bound_socket.h"
#include "os/error.h"
#include "os/unique_fd.h"
#include "vsock/forward.h"

namespace notifyspec::vsock {

/// The longest SEQPACKET message that is taken from a host program.
inline constexpr std::size_t kLongestMessage = std::size_t{1} << 20;

class HostSocket {
 public:
  HostSocket(os::UniqueFd fd, Kind kind);

  /// Connects to `to`, bound to the abstract name `own_name` first. EAGAIN where its backlog is full.
  static std::expected<HostSocket, os::OsError> connect(const HostAddress& to, std::string_view own_name);

  int fd() const { return fd_.get(); }
  Kind kind() const { return kind_; }
  /// The socket itself, for another use.
  os::UniqueFd release() { return std::move(fd_); }

  /// kNever: the peer takes nothing more; kFailed: these bytes cannot be sent, whatever the peer does.
  enum class Sent { kAll, kSome, kLater, kNever, kFailed };
  struct SendResult {
    Sent sent;
    std::size_t count = 0;
    int error = 0;  ///< errno, where it failed
  };
  /// Sends what it can; a message whole or not at all.
  SendResult send(std::span<const std::byte> bytes) const;

  enum class Got { kBytes, kNothing, kEnd, kGone };
  struct ReceiveResult {
    Got got;
    std::size_t count = 0;  ///< of a message its true length, even where that is more than the buffer
  };
  /// Receives bytes or one message. kEnd: the peer will send nothing more; kGone: nor will it take anything.
  ReceiveResult receive(std::span<std::byte> buffer) const;
  /// Leaves what it copies where it is.
  ReceiveResult peek(std::span<std::byte> buffer) const;

  void shut_sending() const;
  void shut_receiving() const;

 private:
  ReceiveResult at_end() const;

  os::UniqueFd fd_;
  Kind kind_;
};

class HostListener {
 public:
  /// Listens at `at`; a socket file that nobody listens on is replaced. For its owner alone. The error says
  /// what to do.
  static std::expected<HostListener, os::OsError> listen(const HostAddress& at);
  /// Takes over a listening socket of streams by its number.
  static std::expected<HostListener, os::OsError> adopt(int fd);

  int fd() const { return socket_.fd.get(); }
  /// Nothing where nobody waits any more; an error where whoever waits cannot be let in.
  std::expected<std::optional<HostSocket>, os::OsError> accept() const;

 private:
  HostListener(os::BoundSocket socket, Kind kind) : socket_(std::move(socket)), kind_(kind) {}

  os::BoundSocket socket_;
  Kind kind_;
};

}  // namespace notifyspec::vsock
