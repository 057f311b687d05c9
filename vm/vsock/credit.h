// The credit of one connection, both ways: how much the guest may still send, and how much it may be sent.
//
// Rule: virtio 1.2, 5.10.6.3 ("Buffer Space Management"). All counters run modulo 2^32. A guest that tells
// nonsense about what it has taken harms only itself: it gets nothing more.
#pragma once

#include <cstdint>

namespace notifyspec::vsock {

class Credit {
 public:
  /// `offered`: bytes that the guest may have under way to us.
  explicit Credit(std::uint32_t offered) : offered_(offered) {}

  /// The guest sends `count` bytes; false, and nothing done, where it may not.
  bool take(std::uint32_t count) {
    if (count > offered_ - held()) return false;
    taken_ += count;
    return true;
  }
  /// `count` bytes have left our buffer.
  void pass_on(std::uint32_t count) { passed_on_ += count; }
  /// Bytes taken and not passed on.
  std::uint32_t held() const { return taken_ - passed_on_; }
  /// Whether the guest should hear of what was passed on since it was told: a quarter of its credit.
  bool update_due() const {
    const std::uint32_t untold = passed_on_ - told_;
    return untold > 0 && untold >= offered_ / 4;
  }

  /// What a packet to the guest says of our buffer (buf_alloc, fwd_cnt); it counts as told.
  std::uint32_t offered() const { return offered_; }
  std::uint32_t tell_passed_on() { return told_ = passed_on_; }

  /// What a packet of the guest says of its buffer.
  void hear(std::uint32_t buf_alloc, std::uint32_t fwd_cnt) {
    peer_offers_ = buf_alloc;
    peer_passed_on_ = fwd_cnt;
  }
  /// Bytes that may be sent to the guest now.
  std::uint32_t room() const {
    const std::uint32_t under_way = sent_ - peer_passed_on_;
    return under_way < peer_offers_ ? peer_offers_ - under_way : 0;
  }
  /// The guest's whole buffer: no longer message will ever fit.
  std::uint32_t peer_offers() const { return peer_offers_; }
  /// REQUIRES: count <= room().
  void send(std::uint32_t count) { sent_ += count; }

 private:
  std::uint32_t offered_;
  std::uint32_t taken_ = 0;
  std::uint32_t passed_on_ = 0;
  std::uint32_t told_ = 0;

  std::uint32_t peer_offers_ = 0;
  std::uint32_t peer_passed_on_ = 0;
  std::uint32_t sent_ = 0;
};

}  // namespace notifyspec::vsock
