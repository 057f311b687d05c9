#include "vsock/host_side.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "wire/vsock_peer.h"

namespace notifyspec::vsock {

HostSide::HostSide(Switchboard& switchboard, Poller& poller, Say say)
    : switchboard_(&switchboard), poller_(&poller), say_(std::move(say)), buffer_(kLongestMessage) {}

void HostSide::service(std::int64_t now_usec) {
  while (const auto id = switchboard_->next_attention()) service(*id, now_usec);
}

void HostSide::take_readiness(const Readiness& readiness, std::int64_t now_usec) {
  const auto found = lines_.find(readiness.id);
  if (found == lines_.end()) return;
  Line& line = found->second;
  line.readable |= readiness.readable;
  line.writable |= readiness.writable;
  line.hung_up |= readiness.hung_up;
  service(readiness.id, now_usec);
}

void HostSide::service(ConnectionId id, std::int64_t now_usec) {
  Connection* const connection = switchboard_->find(id);
  if (connection != nullptr && connection->phase() == Connection::Phase::kConnecting) {
    return line_up(id, *connection, now_usec);
  }
  const auto found = lines_.find(id);
  if (found == lines_.end()) {
    // Nobody may wait here who is gone: a guest could come and go without end.
    for (auto& [forward, queue] : queues_) queue.leave(id);
    return;
  }
  if (connection == nullptr || connection->host_done()) {
    lines_.erase(found);
    return;
  }
  Line& line = found->second;
  bool changed = false;
  if (connection->phase() == Connection::Phase::kRequested) {
    if (!line.hung_up) return;
    connection->reset();  // the host program did not wait for the answer
    changed = true;
  } else {
    changed |= greet(*connection, line);
    changed |= send(id, *connection, line, now_usec);
    shut(*connection, line);
    changed |= read(id, *connection, line, now_usec);
  }
  if (connection->host_done()) lines_.erase(found);
  if (changed) switchboard_->settle(id);
}

// --- connecting

void HostSide::line_up(ConnectionId id, const Connection& connection, std::int64_t now_usec) {
  const Forward* const forward =
      find(switchboard_->settings().forwards, connection.ends().host_port, connection.kind());
  if (forward == nullptr) return;  // cannot be: the switchboard has looked
  ConnectQueue& queue = queues_[forward];
  queue.join(id);
  if (!queue.retry_at_usec()) connect_waiting(*forward, queue, now_usec);
}

void HostSide::connect_waiting(const Forward& forward, ConnectQueue& queue, std::int64_t now_usec) {
  queue.tried();
  while (!queue.empty()) {
    const ConnectionId id = queue.front();
    if (!connect(id, forward, queue, now_usec)) return;
    queue.leave(id);
  }
}

/// False: its backlog is full, and the queue waits.
bool HostSide::connect(ConnectionId id, const Forward& forward, ConnectQueue& queue, std::int64_t now_usec) {
  Connection* const connection = switchboard_->find(id);
  if (connection == nullptr || connection->phase() != Connection::Phase::kConnecting) return true;
  const wire::VsockPeer peer = {.cid = static_cast<std::uint32_t>(switchboard_->settings().guest_cid),
                                .port = connection->ends().guest_port};
  auto socket = HostSocket::connect(forward.to,
                                    wire::format_vsock_peer(peer, fmt::format("{}-{}", getpid(), ++serial_)));
  if (socket) {
    watch(id, *std::move(socket), connection->faults(), false);
    connection->host_connected();
    switchboard_->settle(id);
    return true;
  }
  if (socket.error().code == EAGAIN && queue.wait(now_usec)) return false;
  say_(fmt::format("a connection of guest port {} is refused: {}", peer.port, socket.error().reason));
  connection->reset();
  switchboard_->settle(id);
  return true;
}

void HostSide::watch(ConnectionId id, HostSocket socket, const Faults& faults, bool greeting_due) {
  const auto place = lines_
                         .emplace(id, Line{.socket = std::move(socket),
                                           .pace = Pace(faults.bytes_per_second),
                                           .greeting_due = greeting_due})
                         .first;
  if (const auto added = poller_->add_edge_triggered(place->second.socket.fd(), Source::kHost, id); !added) {
    say_(added.error().reason);
    place->second.hung_up = true;
    place->second.readable = true;
  }
}

void HostSide::adopt(ConnectionId id, HostSocket socket, std::int64_t now_usec) {
  const Connection* const connection = switchboard_->find(id);
  if (connection == nullptr) return;
  watch(id, std::move(socket), connection->faults(), true);
  service(id, now_usec);
}

// --- an open connection; each says whether anything has changed for the guest

bool HostSide::greet(Connection& connection, Line& line) {
  if (!line.greeting_due) return false;
  line.greeting_due = false;
  const std::string greeting = fmt::format("OK {}\n", connection.ends().host_port);
  if (line.socket.send(std::as_bytes(std::span(greeting))).sent == HostSocket::Sent::kAll) return false;
  connection.reset();
  return true;
}

bool HostSide::send(ConnectionId id, Connection& connection, Line& line, std::int64_t now_usec) {
  bool changed = false;
  while (line.writable) {
    const auto outgoing = connection.outgoing();
    if (!outgoing) break;
    if (now_usec < line.pace.free_at_usec()) {
      wake(line.pace.free_at_usec(), id);
      break;
    }
    const bool whole = connection.kind() == Kind::kSeqpacket;
    const std::size_t most = whole ? outgoing->size() : std::min(outgoing->size(), line.pace.most_at_once());
    const auto result = line.socket.send(outgoing->first(most));
    if (result.sent == HostSocket::Sent::kLater) {
      line.writable = false;
      break;
    }
    changed = true;
    if (result.sent == HostSocket::Sent::kNever) {
      connection.host_deafened();
      break;
    }
    // Lost without anybody's wish: the guest must learn of it.
    if (result.sent == HostSocket::Sent::kFailed) {
      const auto what = fmt::format("{} bytes of guest port {}", most, connection.ends().guest_port);
      say_(os::error_of(result.error, what + " cannot be sent on").reason);
      connection.reset();
      break;
    }
    line.pace.sent(result.count, now_usec);
    connection.host_took(result.count);
  }
  return changed;
}

void HostSide::shut(Connection& connection, Line& line) {
  if (connection.half_close_due()) {
    line.socket.shut_sending();
    connection.half_close_passed();
  }
  if (connection.guest_is_deaf() && !line.deafened) {
    line.socket.shut_receiving();
    line.deafened = true;
  }
}

bool HostSide::read(ConnectionId id, Connection& connection, Line& line, std::int64_t now_usec) {
  if (line.close_at_usec) return end(id, connection, line, *line.close_at_usec, now_usec);
  if (connection.guest_is_deaf() && line.hung_up) {  // nothing is read any more that could show it
    connection.host_ended();
    connection.host_deafened();
    return true;
  }
  const std::size_t limit = line.readable ? connection.read_limit() : 0;
  if (limit == 0) return false;
  const bool whole = connection.kind() == Kind::kSeqpacket;
  const auto result = line.socket.receive(std::span(buffer_).first(whole ? buffer_.size() : limit));
  switch (result.got) {
    case HostSocket::Got::kNothing:
      line.readable = false;
      return false;
    case HostSocket::Got::kBytes:
      if (result.count > buffer_.size()) {
        say_(fmt::format("a message of {} bytes for guest port {} is too long", result.count,
                         connection.ends().guest_port));
        connection.host_gave_too_much(result.count);
      } else {
        connection.host_gave(std::span(buffer_).first(result.count));
      }
      return true;
    default:
      break;
  }
  line.ending = result.got;
  const std::int64_t at_usec = now_usec + connection.faults().delay_close_usec.value_or(0);
  line.close_at_usec = at_usec;
  return end(id, connection, line, at_usec, now_usec);
}

bool HostSide::end(ConnectionId id, Connection& connection, Line& line, std::int64_t at_usec,
                   std::int64_t now_usec) {
  if (now_usec < at_usec) {
    wake(at_usec, id);
    return false;
  }
  if (line.hung_up) line.ending = HostSocket::Got::kGone;
  if (line.ending == HostSocket::Got::kNothing) return false;
  connection.host_ended();
  if (line.ending == HostSocket::Got::kGone) connection.host_deafened();
  line.ending = HostSocket::Got::kNothing;
  return true;
}

// --- time

std::optional<std::int64_t> HostSide::deadline_usec() const {
  std::optional<std::int64_t> first;
  if (!timers_.empty()) first = timers_.begin()->first;
  for (const auto& [forward, queue] : queues_) {
    if (const auto at_usec = queue.retry_at_usec()) first = std::min(first.value_or(*at_usec), *at_usec);
  }
  return first;
}

void HostSide::take_time(std::int64_t now_usec) {
  for (auto& [forward, queue] : queues_) {
    const auto at_usec = queue.retry_at_usec();
    if (at_usec && *at_usec <= now_usec) connect_waiting(*forward, queue, now_usec);
  }
  while (!timers_.empty() && timers_.begin()->first <= now_usec) {
    const ConnectionId id = timers_.begin()->second;
    timers_.erase(timers_.begin());
    service(id, now_usec);
  }
}

}  // namespace notifyspec::vsock
