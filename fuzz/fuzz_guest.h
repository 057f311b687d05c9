// A guest that a fuzzer drives: good rings and buffers to begin with, and packets and bytes as it is told.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "os/unique_fd.h"
#include "vsock/guest_driver.h"
#include "vsock/guest_end.h"
#include "vsock/packet_rings.h"

namespace notifyspec::vsock {

class RawGuest {
 public:
  static constexpr std::size_t kMemorySize = 0x4000;

  /// Its memory is this file, from its start.
  explicit RawGuest(const os::UniqueFd& file) : memory_(*Mapping::map(file, 0, kMemorySize)) {
    std::ranges::fill(memory_.bytes(), std::byte{0});
    lay_good_rings();
  }

  /// Anew; all that was under way is forgotten.
  void lay_good_rings() {
    rings_ = {DriverRing(memory_, kBase, kRingSize), DriverRing(memory_, kBase + 0x1000, kRingSize)};
    for (std::uint16_t i = 0; i < kRingSize; ++i) offer_buffer(i);
  }
  const DriverRing& ring(std::size_t index) const { return rings_[index]; }

  struct Packet {
    Op op;
    Kind kind;
    std::uint32_t port, to, flags;
    std::uint8_t length;
    bool is_runt;  ///< the buffer has `length` bytes in all
  };
  void send(const Packet& packet) {
    Header header = GuestEnd{}.header(packet.op, packet.kind, packet.port, packet.to);
    header.len = packet.length;
    header.flags = packet.flags;
    DriverRing& ring = rings_[kFromGuest];
    while (ring.take_used()) continue;
    if (!ring.has_room(1)) return;
    const std::uint64_t at = kPackets + n_packets_++ % kRingSize * 0x180;
    encode_header(header, std::span<std::byte, kHeaderSize>(memory_.at(at), kHeaderSize));
    const std::size_t length = packet.length + (packet.is_runt ? 0 : kHeaderSize);
    const DriverBuffer buffer = {.address = at, .length = static_cast<std::uint32_t>(length)};
    ring.offer({&buffer, 1});
  }
  /// The buffers in which something came.
  void offer_anew() {
    while (const auto used = rings_[kToGuest].take_used()) offer_buffer(used->first % kRingSize);
  }
  void write(std::size_t at, std::uint8_t value) const {
    memory_.bytes()[at % kMemorySize] = std::byte{value};
  }

 private:
  static constexpr std::uint16_t kRingSize = 8;
  static constexpr std::uint64_t kBase = SharedMemory::kGuestAddress;
  static constexpr std::uint64_t kBuffers = kBase + 0x2000;
  static constexpr std::uint64_t kPackets = kBase + 0x3000;

  void offer_buffer(std::uint16_t number) {
    const DriverBuffer buffer = {
        .address = kBuffers + number * std::uint64_t{0x200}, .length = 0x200, .writable = true};
    if (rings_[kToGuest].has_room(1)) rings_[kToGuest].offer({&buffer, 1});
  }

  SharedMemory memory_;
  std::vector<DriverRing> rings_;
  std::size_t n_packets_ = 0;
};

}  // namespace notifyspec::vsock
