// When a receiver takes each message of one sender from its queue, seen from outside: the kernel says how
// much of what a socket has sent still waits (SIOCOUTQ), and what waits is taken in its order. So a receiver
// can be timed that tells nothing itself, and it does not notice.
#pragma once

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "os/unique_fd.h"
#include "stamp.h"

namespace notifyspec::bench {

class Taken {
 public:
  /// REQUIRES: a socket of AF_UNIX and SOCK_DGRAM that sends nothing but messages as long as `message`.
  Taken(int socket, std::string_view message) : socket_(socket), each_(room_of(message)) {}

  /// A message was accepted; it was sent then.
  void accepted(std::int64_t sent_nsec) { waiting_.push_back(sent_nsec); }

  /// Looks which were taken since.
  void look() {
    const std::size_t left = waiting_bytes(socket_);
    if (left % each_ > kMostLeaving) throw std::runtime_error("what waits is no number of equal messages");
    const std::int64_t now = now_nsec();
    for (; waiting_.size() > left / each_; waiting_.pop_front()) latencies_.push_back(now - waiting_.front());
  }

  /// Nanoseconds from the sending of each.
  const std::vector<std::int64_t>& latencies() const { return latencies_; }

 private:
  static std::size_t waiting_bytes(int socket) {
    int count = 0;
    if (::ioctl(socket, SIOCOUTQ, &count) != 0)
      throw std::runtime_error("the kernel does not say what waits");
    return static_cast<std::size_t>(count);
  }

  /// What the kernel counts for one: more than its bytes.
  static std::size_t room_of(std::string_view message) {
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw std::runtime_error("cannot make a pair of sockets");
    const os::UniqueFd ours(ends[0]), theirs(ends[1]);
    if (::send(ours.get(), message.data(), message.size(), 0) < 0) throw std::runtime_error("cannot send");
    return waiting_bytes(ours.get());
  }

  /// A message that is being freed counts as one byte for a moment; no more can be than there are receivers.
  static constexpr std::size_t kMostLeaving = 16;

  int socket_;
  std::size_t each_;
  std::deque<std::int64_t> waiting_;
  std::vector<std::int64_t> latencies_;
};

}  // namespace notifyspec::bench
