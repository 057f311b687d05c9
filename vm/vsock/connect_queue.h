// The row of connections that wait for one host socket whose backlog is full.
//
// Rule: first come, first served; the first is tried again by timer, at growing intervals, for so long as its
// patience lasts; who is gone stands in no row. Pure: time is a number, microseconds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "vsock/switchboard.h"

namespace notifyspec::vsock {

class ConnectQueue {
 public:
  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }
  /// REQUIRES: !empty().
  ConnectionId front() const { return waiting_.front(); }

  /// Does nothing for one that stands in it.
  void join(ConnectionId id) {
    if (std::ranges::find(waiting_, id) == waiting_.end()) waiting_.push_back(id);
  }
  void leave(ConnectionId id) {
    if (waiting_.empty()) return;
    if (front() == id) pause_usec_ = 0;  // the patience of the next one is its own
    std::erase(waiting_, id);
  }

  /// When the first should be tried again; nothing: not by time.
  std::optional<std::int64_t> retry_at_usec() const { return retry_at_usec_; }
  /// The first is tried now.
  void tried() { retry_at_usec_.reset(); }
  /// The backlog is full at `now_usec`; whether the first waits on.
  bool wait(std::int64_t now_usec) {
    if (pause_usec_ == 0) full_since_usec_ = now_usec;
    if (now_usec - full_since_usec_ >= kPatienceUsec) return false;
    pause_usec_ = std::clamp(pause_usec_ * 2, kFirstPauseUsec, kLongestPauseUsec);
    retry_at_usec_ = now_usec + pause_usec_;
    return true;
  }

 private:
  static constexpr std::int64_t kFirstPauseUsec = 1'000;
  static constexpr std::int64_t kLongestPauseUsec = 50'000;
  static constexpr std::int64_t kPatienceUsec = 10'000'000;

  std::deque<ConnectionId> waiting_;
  std::optional<std::int64_t> retry_at_usec_;
  std::int64_t pause_usec_ = 0;
  std::int64_t full_since_usec_ = 0;
};

}  // namespace notifyspec::vsock
