// The host programs beside a device: receivers that it connects to, and visitors of its door. None of them
// waits.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "fuzz_vmm.h"
#include "os/unique_fd.h"
#include "vsock/simulated_device.h"

namespace notifyspec::vsock {

class Programs {
 public:
  /// The receivers, of both kinds, are there before the device.
  const Receiver& streams() const { return streams_; }
  const Receiver& messages() const { return messages_; }

  void visit(const HostAddress& door, unsigned port) {
    ends_.push_back(connect_to(door));
    const std::string line = "CONNECT " + std::to_string(port) + "\n";
    ::send(ends_.back().get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  /// The `which`th end of a connection, modulo their number: sends, reads, shuts down, or goes.
  void act(unsigned what, std::uint8_t which, std::uint8_t detail) {
    accept_all();
    if (ends_.empty()) return;
    const auto end = ends_.begin() + static_cast<std::ptrdiff_t>(which % ends_.size());
    const std::array<char, 256> words = {};
    if (what == 0) ::send(end->get(), words.data(), detail, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (what == 1) read_now(*end);
    if (what == 2) ::shutdown(end->get(), detail % 3);
    if (what == 3) ends_.erase(end);
  }
  void all_go() {
    accept_all();
    ends_.clear();
  }

 private:
  static constexpr std::size_t kMostEnds = 8;

  void accept_all() {
    for (const Receiver* const receiver : {&streams_, &messages_}) {
      while (receiver->has_call()) ends_.push_back(receiver->accept().fd);
    }
    while (ends_.size() > kMostEnds) ends_.pop_front();
  }

  Receiver streams_{Kind::kStream}, messages_{Kind::kSeqpacket};
  std::deque<os::UniqueFd> ends_;
};

}  // namespace notifyspec::vsock
