// Invariants: whatever stands in a guest's memory, the device neither reads nor writes outside it, ends its
// work, and holds no more than its bounds; a ring that breaks a rule is named as broken.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "heap.h"
#include "invariant.h"
#include "vsock/guest_driver.h"
#include "vsock/packet_rings.h"
#include "vsock/pure_guest.h"

using namespace notifyspec::vsock;

namespace {

constexpr std::uint16_t kRingSize = 16;
constexpr std::size_t kMemorySize = 0x1000;  // exactly as long as it is: the sanitizer watches its end
constexpr std::uint64_t kToGuestPlace = SharedMemory::kGuestAddress;
constexpr std::uint64_t kFromGuestPlace = SharedMemory::kGuestAddress + 0x200;
constexpr std::uint64_t kPacket = SharedMemory::kGuestAddress + 0x400;
constexpr std::uint64_t kBuffers = SharedMemory::kGuestAddress + 0x800;

/// The fuzzer's bytes, taken from the front.
struct Input {
  std::span<const std::uint8_t> bytes;

  std::uint8_t next() {
    if (bytes.empty()) return 0;
    const std::uint8_t value = bytes.front();
    bytes = bytes.subspan(1);
    return value;
  }
  std::uint16_t next16() { return static_cast<std::uint16_t>(next() | next() << 8); }
  std::span<const std::uint8_t> next_bytes(std::size_t most) {
    const auto taken = bytes.first(std::min(most, bytes.size()));
    bytes = bytes.subspan(taken.size());
    return taken;
  }
};

/// A guest that begins as a good one does, so that the fuzzer need not find that out: buffers to receive, and
/// a packet that asks for a connection.
struct Guest {
  Guest() {
    for (std::uint16_t i = 0; i < kRingSize; ++i) {
      const DriverBuffer buffer = {
          .address = kBuffers + i * std::uint64_t{0x80}, .length = 0x80, .writable = true};
      to_guest.offer({&buffer, 1});
    }
    lay_packet(Op::kRequest, 0);
  }
  void lay_packet(Op op, std::uint8_t length) {
    Header header = {.src_cid = kTestCid,
                     .dst_cid = kHostCid,
                     .src_port = 1,
                     .dst_port = 1234,
                     .len = length,
                     .type = 2,
                     .op = static_cast<std::uint16_t>(op),
                     .flags = 1,
                     .buf_alloc = 4096};
    encode_header(header, std::span<std::byte, kHeaderSize>(memory.at(kPacket), kHeaderSize));
    const DriverBuffer buffer = {.address = kPacket,
                                 .length = static_cast<std::uint32_t>(kHeaderSize) + length};
    if (from_guest.has_room(1)) from_guest.offer({&buffer, 1});
  }

  SharedMemory memory{kMemorySize};
  DriverRing to_guest{memory, kToGuestPlace, kRingSize};
  DriverRing from_guest{memory, kFromGuestPlace, kRingSize};
};

/// Does to every connection what a host side does.
void serve(PureGuest& host) {
  while (const auto id = host.switchboard.next_attention()) {
    Connection* const connection = host.find(*id);
    if (connection == nullptr) continue;
    if (connection->phase() == Connection::Phase::kConnecting) {
      connection->host_connected();
      host.switchboard.settle(*id);
      continue;
    }
    if (host.take_out(*id)) continue;
    if (connection->read_limit() > 0) host.put_in(*id, "host");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const notifyspec::fuzz::Heap heap;
  Input input{.bytes = {data, size}};
  Guest guest;
  PureGuest host(test_settings());
  static PacketRings rings;  // its scratch memory is large, and says nothing from one input to the next
  rings.set_memory(guest.memory.view());
  const std::uint8_t features = input.next();
  const RingFeatures negotiated = {.indirect = (features & 1) != 0, .event_index = (features & 2) != 0};
  const auto to_guest = Virtqueue::open(rings.memory(), guest.to_guest.place(), negotiated, 0);
  const auto from_guest = Virtqueue::open(rings.memory(), guest.from_guest.place(), negotiated, 0);
  require(to_guest && from_guest, "a good ring is taken");
  rings.attach(kToGuest, *to_guest);
  rings.attach(kFromGuest, *from_guest);

  while (!input.bytes.empty()) {
    const std::uint8_t step = input.next();
    if (step % 4 == 0) {
      const auto taken = rings.take(host.switchboard);
      const auto given = taken ? rings.give(host.switchboard) : taken;
      if (!given) {
        require(describe(given.error()) != "unknown fault", "a broken ring has a name");
        break;
      }
      serve(host);
      rings.signal_due(kToGuest);
      rings.signal_due(kFromGuest);
    } else if (step % 4 == 1) {
      guest.lay_packet(static_cast<Op>(input.next() % 9), input.next());
    } else {
      const std::size_t at = input.next16() % kMemorySize;
      const auto bytes = input.next_bytes(step / 4);
      if (bytes.size() <= kMemorySize - at)
        std::memcpy(guest.memory.bytes().data() + at, bytes.data(), bytes.size());
    }
    require(host.switchboard.n_connections() <= kMostConnections, "connections are bounded");
    require(host.switchboard.n_strays() <= kMostStrays, "replies that wait are bounded");
  }
  return 0;
}
