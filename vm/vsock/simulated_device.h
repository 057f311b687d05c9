// The whole device but for vhost-user: a driver in memory on one side, real AF_UNIX sockets on the other. For
// tests and benchmarks; not part of the device.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/clock.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"
#include "vsock/guest_driver.h"
#include "vsock/guest_end.h"
#include "vsock/host_side.h"
#include "vsock/packet_rings.h"
#include "vsock/poller.h"
#include "vsock/switchboard.h"

namespace notifyspec::vsock {

/// A listening AF_UNIX socket of somebody else, in the abstract namespace, so that no file is left.
class Receiver {
 public:
  explicit Receiver(Kind kind, int backlog = 1024)
      : address_{.kind = kind,
                 .address = {.name = "notifyspec-test-" + std::to_string(getpid()) + "-" +
                                     std::to_string(serial()++),
                             .abstract = true}},
        fd_(::socket(AF_UNIX, (kind == Kind::kStream ? SOCK_STREAM : SOCK_SEQPACKET) | SOCK_CLOEXEC, 0)) {
    const os::SocketAddress name = os::to_socket_address(address_.address);
    if (::bind(fd_.get(), name.get(), name.length) != 0 || ::listen(fd_.get(), backlog) != 0) std::abort();
  }
  const HostAddress& address() const { return address_; }

  struct Call {
    os::UniqueFd fd;
    std::string peer;  ///< its abstract name, without NUL
  };
  /// REQUIRES: that somebody has connected.
  Call accept() const {
    sockaddr_un peer = {};
    socklen_t length = sizeof peer;
    os::UniqueFd fd(::accept4(fd_.get(), reinterpret_cast<sockaddr*>(&peer), &length, SOCK_CLOEXEC));
    if (!fd) std::abort();
    const std::size_t size = length - offsetof(sockaddr_un, sun_path);
    return {.fd = std::move(fd), .peer = size == 0 ? "" : std::string(peer.sun_path + 1, size - 1)};
  }
  bool has_call() const {
    pollfd state = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&state, 1, 0) > 0;
  }

 private:
  static int& serial() {
    static int last = 0;
    return last;
  }

  HostAddress address_;
  os::UniqueFd fd_;
};

/// All that can be read now, message by message; "<end>" at the end.
inline std::vector<std::string> read_now(const os::UniqueFd& fd) {
  std::vector<std::string> messages;
  std::string buffer(std::size_t{1} << 20, '\0');
  while (true) {
    const ssize_t count = ::recv(fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0) return messages;
    messages.push_back(count == 0 ? "<end>" : buffer.substr(0, static_cast<std::size_t>(count)));
    if (count == 0) return messages;
  }
}

class SimulatedDevice : public GuestEnd {
 public:
  SimulatedDevice(std::vector<Forward> forwards, std::initializer_list<const char*> faults,
                  const GuestDriver::Options& options = {})
      : GuestEnd{.buf_alloc = 1U << 20},
        driver(options),
        switchboard(settings_of(std::move(forwards), faults)),
        poller(*Poller::make()),
        host_side(switchboard, poller, [this](std::string_view words) { said += words; }) {
    rings.set_memory(driver.memory().view());
    const RingFeatures features = {.indirect = true, .event_index = true};
    rings.attach(kToGuest, *Virtqueue::open(rings.memory(), driver.to_guest().place(), features, 0));
    rings.attach(kFromGuest, *Virtqueue::open(rings.memory(), driver.from_guest().place(), features, 0));
  }

  /// Does all that can be done now; waits for nothing.
  void step() {
    const std::int64_t now_usec = os::monotonic_usec();
    const auto ready = poller.wait(0);
    for (const Readiness& readiness : *ready) host_side.take_readiness(readiness, now_usec);
    host_side.take_time(now_usec);
    pump(now_usec);
  }
  /// Does what needs no event of a socket.
  void pump(std::int64_t now_usec) {
    for (bool any = true; any;) {
      any = *rings.take(switchboard);
      host_side.service(now_usec);
      any |= *rings.give(switchboard);
      host_side.service(now_usec);
    }
  }
  /// The same, once it has waited for a socket or a deadline.
  void wait_and_step() {
    constexpr std::int64_t kLongestUsec = 1'000'000;
    std::int64_t wait_usec = kLongestUsec;
    if (const auto deadline = host_side.deadline_usec()) {
      wait_usec = std::clamp<std::int64_t>(*deadline - os::monotonic_usec(), 0, kLongestUsec);
    }
    const std::int64_t now_usec = os::monotonic_usec();
    const auto ready = poller.wait(wait_usec);
    for (const Readiness& readiness : *ready) host_side.take_readiness(readiness, now_usec);
    step();
  }
  void send(Op op, Kind kind, std::uint32_t port, std::span<const std::byte> payload = {},
            std::uint32_t flags = 0) {
    Header head = header(op, kind, port);
    head.len = static_cast<std::uint32_t>(payload.size());
    head.flags = flags;
    while (!driver.send(head, payload)) step();
  }
  /// The next packet for the guest; steps as long as that may bring one.
  std::optional<DriverPacket> receive() {
    for (int tries = 0; tries < 2; ++tries) {
      if (auto packet = driver.receive()) return packet;
      step();
    }
    return std::nullopt;
  }

  std::string said;  ///< by the host side, for people
  GuestDriver driver;
  Switchboard switchboard;
  Poller poller;
  HostSide host_side;
  PacketRings rings;
};

}  // namespace notifyspec::vsock
