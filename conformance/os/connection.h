// One accepted connection, and the message or messages that it carries.
//
// SEQPACKET: each packet is one message. STREAM: all bytes up to the end are one (systemd makes a connection
// for each message). An empty packet is a message on AF_UNIX, where the sender's credentials tell it from the
// end; on AF_VSOCK it ends the connection, as recv() does not tell them apart and Linux sends none. A reset
// is known only where recv() says so: a peer of AF_UNIX that goes away in the middle looks like one that has
// said all. Never waits. Move-only; closes with the object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "os/peer.h"
#include "os/receiver.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {

class Connection {
 public:
  enum class State { kOpen, kEnded, kReset };

  /// REQUIRES: an fd that does not block, of SEQPACKET or STREAM. `number` goes into each arrival.
  Connection(UniqueFd fd, wire::SocketType type, Peer peer, std::int64_t number)
      : fd_(std::move(fd)), type_(type), peer_(peer), number_(number) {}

  int fd() const { return fd_.get(); }

  /// Reads what is there, not much at once, and appends at most `limit` whole messages to `arrivals`, each
  /// with the time of its last byte's receipt. REQUIRES: a buffer of more than kReceiveLimit bytes, limit >
  /// 0.
  State read(std::span<char> buffer, std::size_t limit, std::vector<Arrival>& arrivals);

  /// What has come of a message that will not be finished.
  std::optional<Arrival> unfinished();

 private:
  struct Piece;
  Piece receive(std::span<char> buffer);
  void add(const Piece& piece, std::span<const char> buffer);
  Arrival finish(bool truncated);

  UniqueFd fd_;
  wire::SocketType type_;
  Peer peer_;
  std::int64_t number_;
  std::string data_;
  std::size_t n_fds_ = 0;
  bool truncated_ = false;
};

}  // namespace notifyspec::os
