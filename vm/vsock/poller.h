// epoll: which of many fds can go on.
//
// Rule: edge-triggered for sockets of connections (an event is remembered by whoever owns the socket, so that
// one that cannot go on for another reason does not spin), level-triggered for everything else. Move-only.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::vsock {

/// Whose fd it is.
enum class Source : std::uint8_t {
  kTermination,
  kLifeline,
  kVmmListener,
  kVmm,
  kKick,
  kDoor,
  kVisitor,
  kHost
};

struct Readiness {
  Source source;
  std::uint64_t id = 0;  ///< as it was added; below 2^56
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  ///< both directions are over, or an error
};

class Poller {
 public:
  static std::expected<Poller, os::OsError> make();

  std::expected<void, os::OsError> add(int fd, Source source, std::uint64_t id = 0);
  std::expected<void, os::OsError> add_edge_triggered(int fd, Source source, std::uint64_t id);
  void remove(int fd) const;

  /// What is ready, at most a few dozen; waits until something is, or so long. Valid until the next call.
  std::expected<std::span<const Readiness>, os::OsError> wait(std::optional<std::int64_t> for_usec);

 private:
  explicit Poller(os::UniqueFd fd) : fd_(std::move(fd)) {}
  std::expected<void, os::OsError> add(int fd, Source source, std::uint64_t id, std::uint32_t events);

  static constexpr std::size_t kBatch = 64;
  os::UniqueFd fd_;
  std::array<epoll_event, kBatch> events_ = {};
  std::array<Readiness, kBatch> ready_ = {};
};

}  // namespace notifyspec::vsock
