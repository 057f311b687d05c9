#include "os/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "os/ancillary.h"
#include "os/clock.h"

namespace notifyspec::os {
namespace {

/// Pieces that one read() takes from one connection, so that no peer can keep the others waiting.
constexpr int kPieces = 16;

}  // namespace

/// What one recvmsg() brought.
struct Connection::Piece {
  enum class Kind { kNothing, kBytes, kEnd, kReset } kind;
  std::size_t length = 0;
  std::size_t n_fds = 0;
  bool truncated = false;
};

Connection::Piece Connection::receive(std::span<char> buffer) {
  ControlBuffer control;
  iovec bytes = {.iov_base = buffer.data(), .iov_len = buffer.size()};
  msghdr header = {};
  header.msg_iov = &bytes;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t length = -1;
  do {
    length = recvmsg(fd_.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (length < 0 && errno == EINTR);
  if (length < 0) return {.kind = errno == EAGAIN ? Piece::Kind::kNothing : Piece::Kind::kReset};
  const Ancillary ancillary = take_ancillary(header);
  const bool empty_packet = type_ == wire::SocketType::kSeqpacket && ancillary.sender.has_value();
  return {.kind = length == 0 && !empty_packet ? Piece::Kind::kEnd : Piece::Kind::kBytes,
          .length = static_cast<std::size_t>(length),
          .n_fds = ancillary.n_fds,
          .truncated = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0};
}

void Connection::add(const Piece& piece, std::span<const char> buffer) {
  const std::size_t taken = std::min(piece.length, kReceiveLimit - data_.size());
  data_.append(buffer.data(), taken);
  n_fds_ += piece.n_fds;
  truncated_ = truncated_ || piece.truncated || taken < piece.length;
}

Arrival Connection::finish(bool truncated) {
  Arrival arrival;
  arrival.data = std::exchange(data_, {});
  arrival.sent_usec = monotonic_usec();
  arrival.pid = peer_.pid;
  arrival.uid = peer_.uid;
  arrival.gid = peer_.gid;
  arrival.n_fds = std::exchange(n_fds_, 0);
  arrival.truncated = std::exchange(truncated_, false) || truncated;
  arrival.peer = peer_.vsock;
  arrival.type = type_;
  arrival.connection = number_;
  return arrival;
}

Connection::State Connection::read(std::span<char> buffer, std::size_t limit,
                                   std::vector<Arrival>& arrivals) {
  for (int i = 0; i < kPieces; ++i) {
    const Piece piece = receive(buffer);
    switch (piece.kind) {
      case Piece::Kind::kNothing:
        return State::kOpen;
      case Piece::Kind::kReset:
        return State::kReset;
      case Piece::Kind::kEnd:
        if (!data_.empty()) arrivals.push_back(finish(false));
        return State::kEnded;
      case Piece::Kind::kBytes:
        add(piece, buffer);
        if (type_ == wire::SocketType::kStream) break;
        arrivals.push_back(finish(false));
        if (--limit == 0) return State::kOpen;
        break;
    }
  }
  return State::kOpen;
}

std::optional<Arrival> Connection::unfinished() {
  if (data_.empty()) return std::nullopt;
  return finish(true);
}

}  // namespace notifyspec::os
