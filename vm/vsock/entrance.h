// A listening socket that is watched, and rests while nobody can be let in.
//
// Rule: where descriptors or memory are used up, who waits goes on waiting, and the socket stays ready: so it
// is not watched for a while, and then again. Does not know who comes. Move-only.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "vsock/host_socket.h"
#include "vsock/poller.h"

namespace notifyspec::vsock {

class Entrance {
 public:
  /// The poller outlives it; it finds the socket ready as `source` and `id`.
  Entrance(HostListener listener, Poller& poller, Source source, std::uint64_t id = 0)
      : listener_(std::move(listener)), poller_(&poller), source_(source), id_(id) {}

  std::expected<void, os::OsError> open() { return poller_->add(listener_.fd(), source_, id_); }
  /// Who waits; nothing where nobody does, or nobody can be let in now. `now_usec`: CLOCK_MONOTONIC.
  std::optional<HostSocket> admit(std::int64_t now_usec);
  /// When take_time() should be called; nothing: not at all.
  std::optional<std::int64_t> deadline_usec() const { return rests_until_usec_; }
  void take_time(std::int64_t now_usec);

 private:
  static constexpr std::int64_t kRestUsec = 100'000;

  HostListener listener_;
  Poller* poller_;
  Source source_;
  std::uint64_t id_;
  std::optional<std::int64_t> rests_until_usec_;
};

}  // namespace notifyspec::vsock
