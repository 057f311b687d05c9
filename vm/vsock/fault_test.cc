// Each fault, shown; and the grammar in which they are asked for.
#include "vsock/fault.h"

#include <gtest/gtest.h>

#include "vsock/pace.h"
#include "vsock/pure_guest.h"

namespace notifyspec::vsock {
namespace {

constexpr std::uint32_t kPort = 1023;

TEST(Fault, IsReadWithValueAndPort) {
  FaultPlan plan;
  for (const char* const text : {"refuse@7", "credit=100", "credit=50@7", "slow=10@8", "delay-close=1500"}) {
    EXPECT_TRUE(plan.add(text)) << text;
  }
  EXPECT_TRUE(plan.offers_seqpacket());
  EXPECT_TRUE(plan.at(7).refuse);
  EXPECT_EQ(plan.at(7).credit, 50U);
  EXPECT_FALSE(plan.at(8).refuse);
  EXPECT_EQ(plan.at(8).credit, 100U);
  EXPECT_EQ(plan.at(8).bytes_per_second, 10U);
  EXPECT_EQ(plan.at(9).delay_close_usec, 1'500'000);
  EXPECT_EQ(FaultPlan().at(9), Faults());
}

TEST(Fault, IsRefusedWhereItIsNone) {
  for (const char* const text :
       {"", "nothing", "refuse=1", "credit", "credit=", "credit=0", "credit=x", "credit=1x", "credit=-1",
        "refuse@", "refuse@x", "refuse@4294967296", "no-seqpacket@7", "credit=99999999999999999999"}) {
    const auto added = FaultPlan().add(text);
    ASSERT_FALSE(added) << text;
    EXPECT_FALSE(added.error().empty());
  }
}

TEST(Fault, NoSeqpacket) {
  PureGuest guest(test_settings({"no-seqpacket"}));
  EXPECT_FALSE(guest.switchboard.settings().faults.offers_seqpacket());
  guest.send(Op::kRequest, Kind::kSeqpacket, kPort);
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_FALSE(guest.switchboard.open(Kind::kSeqpacket, 22));
  guest.connect(Kind::kStream, kPort);
  EXPECT_EQ(guest.switchboard.n_connections(), 1U);
}

TEST(Fault, Refuse) {
  PureGuest guest(test_settings({"refuse@1234"}));
  guest.send(Op::kRequest, Kind::kStream, kPort);
  EXPECT_EQ(guest.receive_op(), Op::kReset);
}

TEST(Fault, NoHalfClose) {
  PureGuest guest(test_settings({"no-half-close"}));
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  guest.send(Op::kShutdown, Kind::kSeqpacket, kPort, {}, kShutdownSend);
  EXPECT_FALSE(guest.find(id)->half_close_due());
}

TEST(Fault, Credit) {
  PureGuest guest(test_settings({"credit=3"}));
  const ConnectionId id = guest.connect(Kind::kStream, kPort);
  guest.send(Op::kCreditRequest, Kind::kStream, kPort);
  EXPECT_EQ(guest.receive()->header.buf_alloc, 3U);
  guest.send(Op::kData, Kind::kStream, kPort, "abc");
  EXPECT_EQ(guest.take_out(id), "abc");
  EXPECT_EQ(guest.receive_op(), Op::kCreditUpdate) << "the guest must hear, or it stands still";
  guest.send(Op::kData, Kind::kStream, kPort, "abcd");
  EXPECT_EQ(guest.receive_op(), Op::kReset);
}

TEST(Fault, ResetAfterInTheMiddleOfAStream) {
  PureGuest guest(test_settings({"reset-after=6"}));
  const ConnectionId id = guest.connect(Kind::kStream, kPort);
  guest.send(Op::kData, Kind::kStream, kPort, "01234");
  EXPECT_FALSE(guest.receive());
  guest.send(Op::kData, Kind::kStream, kPort, "56789");
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_EQ(guest.take_out(id), "012345") << "what came before is there";
  EXPECT_EQ(guest.find(id), nullptr);
  EXPECT_EQ(guest.switchboard.counts().resets_sent, 1U);
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 4U);
}

TEST(Fault, ResetAfterInTheMiddleOfAMessage) {
  PureGuest guest(test_settings({"reset-after=6"}));
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  guest.send_message(kPort, "0123");
  guest.send_message(kPort, "4567", 0);
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_EQ(guest.take_out(id), "0123");
  EXPECT_EQ(guest.find(id), nullptr) << "a message that did not end is none";
}

TEST(Fault, ByteBack) {
  for (const Kind kind : {Kind::kStream, Kind::kSeqpacket}) {
    PureGuest guest(test_settings({"byte-back"}));
    const ConnectionId id = guest.connect(kind, kPort);
    EXPECT_FALSE(guest.receive());
    guest.send(Op::kShutdown, kind, kPort, {}, kShutdownSend);
    guest.end_host(id, true);
    const auto byte = guest.receive();
    ASSERT_TRUE(byte);
    EXPECT_EQ(byte->op(), Op::kData);
    EXPECT_EQ(byte->payload.size(), 1U);
    EXPECT_EQ(guest.receive_op(), Op::kShutdown);
  }
}

TEST(Fault, SlowKeepsItsPace) {
  Pace pace(1000);
  EXPECT_EQ(pace.free_at_usec(), 0);
  EXPECT_EQ(pace.most_at_once(), 50U);
  pace.sent(50, 1'000'000);
  EXPECT_EQ(pace.free_at_usec(), 1'050'000);
  Pace fast(std::nullopt);
  fast.sent(50, 1'000'000);
  EXPECT_EQ(fast.free_at_usec(), 0);
  EXPECT_EQ(Pace(1).most_at_once(), 1U);
}

}  // namespace
}  // namespace notifyspec::vsock
