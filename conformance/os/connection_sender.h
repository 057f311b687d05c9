// Sends each message over a connection of its own, as systemd does over vsock: connect, send, shut down the
// sending side, wait until the listener closes.
//
// AF_VSOCK of every type, and SEQPACKET and STREAM of AF_UNIX in its place. A vsock address without a type is
// tried with DGRAM, then with SEQPACKET where DGRAM is not supported (sd_notify(3), AF_VSOCK); whether that
// shows in socket(2) or in connect(2) makes no difference here. The source port on AF_VSOCK is below 1024
// where this process may have one: a receiver may distrust all others (the same). Of a stream, an empty
// message is nothing but its connection. Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "os/carried_fds.h"
#include "os/error.h"
#include "os/sender.h"
#include "os/unique_fd.h"
#include "wire/endpoint.h"

namespace notifyspec::os {

class ConnectionSender final : public Sender {
 public:
  static std::expected<std::unique_ptr<Sender>, OsError> make(const wire::Endpoint& endpoint,
                                                              std::int64_t patience_usec);

  std::expected<void, OsError> send(std::string_view data, std::size_t n_fds) override;

 private:
  ConnectionSender(wire::Endpoint endpoint, std::int64_t patience_usec, CarriedFds fds)
      : endpoint_(std::move(endpoint)), patience_usec_(patience_usec), fds_(std::move(fds)) {}
  std::expected<UniqueFd, OsError> connect();
  std::expected<UniqueFd, OsError> connect_with(wire::SocketType type) const;
  std::expected<void, OsError> write(int socket, std::string_view data, std::size_t n_fds) const;
  std::expected<void, OsError> finish(int socket) const;

  wire::Endpoint endpoint_;
  std::int64_t patience_usec_;
  CarriedFds fds_;
  wire::SocketType type_ = wire::SocketType::kDgram;  ///< of the connection that is open
};

}  // namespace notifyspec::os
