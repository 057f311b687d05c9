// Packets over rings: what a driver may do, and what a hostile one tries.
#include "vsock/packet_rings.h"

#include <gtest/gtest.h>

#include <string>

#include "vsock/guest_driver.h"
#include "vsock/pure_guest.h"

namespace notifyspec::vsock {
namespace {

/// A driver, the rings, and a switchboard whose host sockets are words.
class Rings : public testing::Test {
 protected:
  explicit Rings(const GuestDriver::Options& options = {}) : driver_(options) {
    rings_.set_memory(driver_.memory().view());
    attach(kToGuest, driver_.to_guest());
    attach(kFromGuest, driver_.from_guest());
  }
  void attach(std::size_t index, const DriverRing& ring) {
    rings_.attach(
        index, *Virtqueue::open(rings_.memory(), ring.place(), {.indirect = true, .event_index = true}, 0));
  }
  void send(Op op, std::uint32_t port, std::string_view payload = {}, std::uint32_t flags = 0) {
    Header header = guest_.header(op, Kind::kSeqpacket, port);
    header.len = static_cast<std::uint32_t>(payload.size());
    header.flags = flags;
    ASSERT_TRUE(driver_.send(header, as_payload(payload)));
  }
  /// What the device makes of all this.
  std::expected<void, RingFault> pump() {
    for (bool any = true; any;) {
      const auto taken = rings_.take(guest_.switchboard);
      if (!taken) return std::unexpected(taken.error());
      const auto given = rings_.give(guest_.switchboard);
      if (!given) return std::unexpected(given.error());
      any = *taken || *given;
    }
    return {};
  }
  ConnectionId connect(std::uint32_t port) {
    send(Op::kRequest, port);
    EXPECT_TRUE(pump());
    const ConnectionId id = guest_.attention();
    guest_.find(id)->host_connected();
    guest_.switchboard.settle(id);
    EXPECT_TRUE(pump());
    EXPECT_EQ(driver_.receive()->header.operation(), Op::kResponse);
    return id;
  }

  GuestDriver driver_;
  PureGuest guest_{test_settings()};
  PacketRings rings_;
};

TEST_F(Rings, CarryAMessageOf64KiBWholeBothWays) {
  std::string message(65536, '\0');
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<char>(i * 7 + i / 256);
  const ConnectionId id = connect(1);
  send(Op::kData, 1, message, kEndOfMessage);
  ASSERT_TRUE(pump());
  EXPECT_EQ(guest_.take_out(id), message);
  guest_.put_in(id, message);
  std::string given;
  std::uint32_t flags = 0;
  while (pump() && given.size() < message.size()) {
    const auto packet = driver_.receive();
    ASSERT_TRUE(packet);
    if (packet->header.operation() != Op::kData) continue;
    EXPECT_EQ(flags, 0U) << "only the last piece ends it";
    given += as_text(packet->payload);
    flags = packet->header.flags;
  }
  EXPECT_EQ(given, message);
  EXPECT_EQ(flags, kEndOfMessage);
}

TEST_F(Rings, SignalWhatWasDone) {
  EXPECT_FALSE(rings_.signal_due(kFromGuest));
  send(Op::kRequest, 1);
  ASSERT_TRUE(pump());
  EXPECT_TRUE(rings_.signal_due(kFromGuest));
  EXPECT_FALSE(rings_.signal_due(kToGuest));
}

TEST_F(Rings, StandStillUntilBothAreThere) {
  send(Op::kRequest, 1);
  rings_.detach(kToGuest);
  EXPECT_FALSE(rings_.running());
  EXPECT_FALSE(*rings_.take(guest_.switchboard));
  EXPECT_EQ(guest_.switchboard.n_connections(), 0U);
}

TEST_F(Rings, DropBytesTooFewForAHeader) {
  const DriverBuffer runt = {.address = SharedMemory::kGuestAddress, .length = kHeaderSize - 1};
  driver_.from_guest().offer({&runt, 1});
  ASSERT_TRUE(pump());
  EXPECT_EQ(guest_.switchboard.counts().packets_dropped, 1U);
}

TEST_F(Rings, ResetAConnectionWhoseHeaderLies) {
  for (const std::uint32_t lie : {2U, 65536U, 262145U, 0x7fffffffU, 0xffffffffU, 0xffffffd4U}) {
    connect(lie);
    Header header = guest_.header(Op::kData, Kind::kSeqpacket, lie);
    header.len = lie;
    driver_.send(header, as_payload("x"));
    ASSERT_TRUE(pump());
    const auto packet = driver_.receive();
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header.operation(), Op::kReset) << lie;
  }
  EXPECT_EQ(guest_.switchboard.n_connections(), 0U);
}

TEST_F(Rings, TakeAPacketInAnyNumberOfPieces) {
  const ConnectionId id = connect(1);
  Header header = guest_.header(Op::kData, Kind::kSeqpacket, 1);
  header.len = 6;
  header.flags = kEndOfMessage;
  // At the end of the memory, where no buffer of the driver lies.
  const std::uint64_t at = SharedMemory::kGuestAddress + driver_.memory().bytes().size() - 64;
  encode_header(header, std::span<std::byte, kHeaderSize>(driver_.memory().at(at), kHeaderSize));
  std::memcpy(driver_.memory().at(at + kHeaderSize), "pieces", 6);
  const std::vector<DriverBuffer> pieces = {
      {.address = at, .length = 10},
      {.address = at + 10, .length = 0},
      {.address = at + 10, .length = kHeaderSize - 10 + 1},
      {.address = at + kHeaderSize + 1, .length = 9}};  // more than len says
  driver_.from_guest().offer(pieces);
  ASSERT_TRUE(pump());
  EXPECT_EQ(guest_.take_out(id), "pieces");
}

TEST_F(Rings, BreakOnAReceiveBufferThatHoldsNothing) {
  SharedMemory memory(0x4000);
  DriverRing ring(memory, SharedMemory::kGuestAddress, 8);
  const DriverBuffer small = {
      .address = SharedMemory::kGuestAddress + 0x2000, .length = kHeaderSize, .writable = true};
  ring.offer({&small, 1});
  PacketRings rings;
  rings.set_memory(memory.view());
  DriverRing other(memory, SharedMemory::kGuestAddress + 0x1000, 8);
  rings.attach(kToGuest, *Virtqueue::open(rings.memory(), ring.place(), {}, 0));
  rings.attach(kFromGuest, *Virtqueue::open(rings.memory(), other.place(), {}, 0));
  guest_.send(Op::kData, Kind::kStream, 1);
  EXPECT_EQ(rings.give(guest_.switchboard).error(), RingFault::kReceiveBufferSize);
}

TEST_F(Rings, SayWhichRuleADriverBroke) {
  driver_.from_guest().set_available_index(1000);
  const auto pumped = pump();
  ASSERT_FALSE(pumped);
  EXPECT_EQ(pumped.error(), RingFault::kAvailableIndex);
}

class StarvedRings : public Rings {
 protected:
  StarvedRings() : Rings({.ring_size = 256, .n_receive_buffers = 4}) { driver_.set_reposts(false); }
};

TEST_F(StarvedRings, LeaveTheGuestsPacketsWhereTheyAre) {
  std::size_t n_sent = 0;
  Header stray = guest_.header(Op::kData, Kind::kStream, 9);
  for (int round = 0; round < 10; ++round) {
    while (driver_.send(stray)) ++n_sent;
    ASSERT_TRUE(pump());
  }
  EXPECT_LE(guest_.switchboard.n_strays(), kMostStrays);
  EXPECT_LE(guest_.switchboard.counts().strays, kMostStrays + 4);
  EXPECT_GT(n_sent, guest_.switchboard.counts().strays) << "the rest waits in the ring";
  // And all goes on once there are buffers.
  driver_.set_reposts(true);
  std::size_t n_resets = 0;
  while (driver_.receive()) {
    ++n_resets;
    ASSERT_TRUE(pump());
  }
  EXPECT_EQ(n_resets, n_sent);
}

}  // namespace
}  // namespace notifyspec::vsock
