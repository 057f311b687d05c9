#include "vsock/packet_rings.h"

#include <algorithm>
#include <array>

namespace notifyspec::vsock {
namespace {

// So that neither direction keeps the other, or the host, waiting.
constexpr std::size_t kBatch = 64;

}  // namespace

PacketRings::PacketRings() : packet_(kHeaderSize + kMostPayload) {}

std::expected<bool, RingFault> PacketRings::take(Switchboard& switchboard) {
  std::optional<Virtqueue>& ring = rings_[kFromGuest];
  if (!ring || !running()) return false;
  bool any = false;
  for (std::size_t n_steps = 0; n_steps < kBatch && switchboard.accepts_packets(); ++n_steps) {
    const auto popped = ring->pop(memory_, chain_);
    if (!popped) return popped;
    if (!*popped) {
      if (ring->await_kick()) continue;
      break;
    }
    any = true;
    take_packet(switchboard);
    ring->push(chain_.head, 0);
  }
  return any;
}

void PacketRings::take_packet(Switchboard& switchboard) {
  if (chain_.readable_size < kHeaderSize) return switchboard.take_runt();
  std::array<std::byte, kHeaderSize> head;
  chain_.copy_out(0, head);
  const Header header = decode_header(head);
  if (header.len > kMostPayload || header.len > chain_.readable_size - kHeaderSize) {
    return switchboard.take_malformed(header);
  }
  const std::span payload = std::span(packet_).first(header.len);
  chain_.copy_out(kHeaderSize, payload);
  switchboard.take(header, payload);
}

std::expected<bool, RingFault> PacketRings::give(Switchboard& switchboard) {
  std::optional<Virtqueue>& ring = rings_[kToGuest];
  if (!ring || !running()) return false;
  bool any = false;
  for (std::size_t n_steps = 0; n_steps < kBatch && switchboard.has_packet(); ++n_steps) {
    const auto popped = ring->pop(memory_, chain_);
    if (!popped) return popped;
    if (!*popped) {
      if (ring->await_kick()) continue;
      break;
    }
    if (chain_.writable_size <= kHeaderSize) return std::unexpected(RingFault::kReceiveBufferSize);
    any = true;
    const std::size_t room = std::min<std::size_t>(packet_.size(), chain_.writable_size);
    const std::size_t size = switchboard.give(std::span(packet_).first(room));
    chain_.copy_in(std::span(packet_).first(size));
    ring->push(chain_.head, static_cast<std::uint32_t>(size));
  }
  return any;
}

}  // namespace notifyspec::vsock
