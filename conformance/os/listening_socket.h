// A notify socket for connections: SEQPACKET or STREAM, on AF_VSOCK or on AF_UNIX in its place.
//
// Every connection is read as it comes, so a peer that stalls holds up nobody, and is closed as soon as it
// has ended: systemd's PID 1 waits for that, without a time limit, after each message. Where no fd is free,
// peers wait to be accepted, and it is counted. Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "os/bound_socket.h"
#include "os/connection.h"
#include "os/error.h"
#include "os/receiver.h"
#include "os/unique_fd.h"
#include "wire/endpoint.h"

namespace notifyspec::os {

class ListeningSocket final : public Receiver {
 public:
  /// REQUIRES: an endpoint for SEQPACKET or STREAM. Errors as bind_socket() has them.
  static std::expected<ListeningSocket, OsError> bind(const wire::Endpoint& endpoint);

  /// Readable when a peer connects, and when anything comes on a connection.
  int fd() const override { return watch_.get(); }
  /// Messages of connections that are ready together come in the order of acceptance.
  std::expected<std::span<Arrival>, OsError> receive(std::size_t limit, const Reception& reception) override;
  bool has_connections() const override { return true; }
  std::span<Arrival> cut_off(std::size_t limit) override;
  ConnectionCounts counts() const override { return counts_; }
  bool is_short_of_fds() const override { return short_of_fds_; }

 private:
  ListeningSocket(BoundSocket socket, UniqueFd watch, wire::SocketType type);
  std::expected<void, OsError> accept_all(std::size_t limit, const Reception& reception);
  std::expected<void, OsError> refuse_accept(int code);
  std::expected<void, OsError> begin(UniqueFd fd, Peer peer, std::size_t limit, std::int64_t number);
  /// Whether it is still open.
  bool read(Connection& connection, std::size_t limit);

  BoundSocket socket_;
  UniqueFd watch_;  ///< epoll: the socket, and every open connection
  wire::SocketType type_;
  std::unique_ptr<char[]> buffer_;
  std::map<std::int64_t, Connection> connections_;  ///< by number
  std::vector<Arrival> arrivals_;
  ConnectionCounts counts_;
  bool short_of_fds_ = false;
};

/// As many fds as this process may have: a connection needs one. Without effect where that is refused.
void raise_fd_limit();

}  // namespace notifyspec::os
