// The VMM's end of its connection to a vhost-user device: says what it is told to, and never waits.
#pragma once

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "invariant.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"
#include "vsock/forward.h"
#include "vsock/packet_rings.h"
#include "vsock/vhost_user_message.h"

namespace notifyspec::vsock {

inline os::UniqueFd connect_to(const HostAddress& at) {
  os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const os::SocketAddress name = os::to_socket_address(at.address);
  require(::connect(fd.get(), name.get(), name.length) == 0, "the service listens");
  return fd;
}

/// The VMM's end of its connection.
class Vmm {
 public:
  explicit Vmm(const HostAddress& at) : socket_(connect_to(at)) {}

  template <typename... Fields>
  void say(Request request, std::span<const int> fds, Fields... fields) {
    std::vector<std::byte> bytes;
    const auto add = [&bytes](auto value) {
      const auto raw = std::as_bytes(std::span(&value, 1));
      bytes.insert(bytes.end(), raw.begin(), raw.end());
    };
    add(static_cast<std::uint32_t>(request));
    add(kVhostVersion);
    add(static_cast<std::uint32_t>((sizeof fields + ... + 0)));
    (add(fields), ...);
    send(bytes, fds);
  }
  void say_ring_fd(Request request, std::uint8_t index) {
    const os::UniqueFd event(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    const int fd = event.get();
    say(request, {&fd, 1}, std::uint64_t{index});
    if (request != Request::kSetVringKick) return;
    kicks_[index % 2] = os::UniqueFd(::dup(fd));
  }
  void kick(std::uint8_t index) const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(kicks_[index % 2].get(), &one, sizeof one);
  }
  void hear() const {
    std::array<char, 256> replies;
    while (::recv(socket_.get(), replies.data(), replies.size(), MSG_DONTWAIT) > 0) continue;
  }

 private:
  void send(std::span<const std::byte> bytes, std::span<const int> fds) const {
    iovec place = {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control = {};
    msghdr header = {};
    header.msg_iov = &place;
    header.msg_iovlen = 1;
    if (!fds.empty()) {
      header.msg_control = control.data();
      header.msg_controllen = control.size();
      cmsghdr* const item = CMSG_FIRSTHDR(&header);
      item->cmsg_level = SOL_SOCKET;
      item->cmsg_type = SCM_RIGHTS;
      item->cmsg_len = CMSG_LEN(fds.size_bytes());
      std::memcpy(CMSG_DATA(item), fds.data(), fds.size_bytes());
    }
    ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  os::UniqueFd socket_;
  std::array<os::UniqueFd, kRingCount> kicks_;
};

}  // namespace notifyspec::vsock
