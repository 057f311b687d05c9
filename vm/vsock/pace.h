// How fast a host socket may be sent to: the fault `slow`.
//
// Rule: after so many bytes nothing more until they have had their time. Pure: time is a number,
// microseconds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace notifyspec::vsock {

class Pace {
 public:
  /// Nothing: as fast as it goes.
  explicit Pace(std::optional<std::uint64_t> bytes_per_second) : bytes_per_second_(bytes_per_second) {}

  /// From when on something may be sent.
  std::int64_t free_at_usec() const { return free_at_usec_; }
  /// How much of a stream may be sent at once: what a twentieth of a second allows.
  std::size_t most_at_once() const {
    if (!bytes_per_second_) return std::numeric_limits<std::size_t>::max();
    constexpr std::uint64_t kPiecesPerSecond = 20;
    return std::max<std::size_t>(1, *bytes_per_second_ / kPiecesPerSecond);
  }
  /// `count` bytes were sent at `now_usec`.
  void sent(std::size_t count, std::int64_t now_usec) {
    if (!bytes_per_second_) return;
    constexpr std::uint64_t kUsecPerSec = 1'000'000;
    free_at_usec_ = now_usec + static_cast<std::int64_t>(count * kUsecPerSec / *bytes_per_second_);
  }

 private:
  std::optional<std::uint64_t> bytes_per_second_;
  std::int64_t free_at_usec_ = 0;
};

}  // namespace notifyspec::vsock
