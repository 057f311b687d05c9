// What one connection holds for the guest: one chunk of a stream, or one message, given piece by piece.
//
// Rule: nothing is read from a host socket while anything is here, so that at most one chunk is. An empty
// message is something, too.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace notifyspec::vsock {

class Inbox {
 public:
  /// REQUIRES: !pending().
  void fill(std::span<const std::byte> bytes) {
    bytes_.assign(bytes.begin(), bytes.end());
    given_ = 0;
    pending_ = true;
  }
  bool pending() const { return pending_; }
  std::size_t left() const { return bytes_.size() - given_; }  ///< bytes
  /// Moves bytes to the front of `room`, at most `most`; how many. With the last of them it is no longer
  /// pending.
  std::size_t give(std::span<std::byte> room, std::size_t most) {
    const std::size_t count = std::min({left(), room.size(), most});
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(given_), count, room.begin());
    given_ += count;
    if (left() == 0) clear();
    return count;
  }
  /// Throws everything away; how many bytes that were.
  std::size_t clear() {
    const std::size_t lost = left();
    bytes_.clear();
    if (bytes_.capacity() > kWorthKeeping) bytes_.shrink_to_fit();  // idle connections cost little
    given_ = 0;
    pending_ = false;
    return lost;
  }

 private:
  static constexpr std::size_t kWorthKeeping = std::size_t{64} * 1024;

  std::vector<std::byte> bytes_;
  std::size_t given_ = 0;
  bool pending_ = false;
};

}  // namespace notifyspec::vsock
