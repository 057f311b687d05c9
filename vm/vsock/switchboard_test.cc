#include "vsock/switchboard.h"

#include <gtest/gtest.h>

#include <string>

#include "vsock/pure_guest.h"

namespace notifyspec::vsock {
namespace {

constexpr Kind kStream = Kind::kStream;
constexpr Kind kSeqpacket = Kind::kSeqpacket;

TEST(Switchboard, RefusesAPortWithoutForward) {
  PureGuest guest(test_settings());
  guest.send(Op::kRequest, kStream, 7, {}, 0, 99);
  const auto reset = guest.receive();
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->op(), Op::kReset);
  EXPECT_EQ(reset->header.src_port, 99U);
  EXPECT_EQ(reset->header.dst_port, 7U);
  EXPECT_EQ(reset->header.src_cid, kHostCid);
  EXPECT_EQ(reset->header.dst_cid, kTestCid);
  EXPECT_EQ(guest.switchboard.counts().refused, 1U);
}

TEST(Switchboard, RefusesAKindWithoutForwardOrName) {
  PureGuest guest(test_settings());
  guest.send(Op::kRequest, static_cast<Kind>(3), 7);
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  Switchboard::Settings settings = test_settings();
  settings.forwards.pop_back();
  PureGuest half(settings);
  half.send(Op::kRequest, kSeqpacket, 7);
  EXPECT_EQ(half.receive_op(), Op::kReset);
}

TEST(Switchboard, AnswersStraysWithResetButNeverAReset) {
  PureGuest guest(test_settings());
  for (const Op op :
       {Op::kData, Op::kResponse, Op::kShutdown, Op::kCreditUpdate, Op::kCreditRequest, Op::kInvalid}) {
    guest.send(op, kStream, 7, op == Op::kData ? "x" : "");
    EXPECT_EQ(guest.receive_op(), Op::kReset);
  }
  guest.send(Op::kReset, kStream, 7);
  EXPECT_FALSE(guest.receive());
  EXPECT_EQ(guest.switchboard.counts().strays, 6U);
  EXPECT_EQ(guest.switchboard.counts().late_resets, 1U);
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 1U);
}

TEST(Switchboard, DoesNotBelieveForeignAddresses) {
  PureGuest guest(test_settings());
  Header header = guest.header(Op::kRequest, kStream, 7);
  header.src_cid = kTestCid + 1;
  guest.switchboard.take(header, {});
  EXPECT_FALSE(guest.receive()) << "another's name";
  header.src_cid = kTestCid | std::uint64_t{1} << 32;
  guest.switchboard.take(header, {});
  EXPECT_FALSE(guest.receive()) << "a reserved bit";
  EXPECT_EQ(guest.switchboard.counts().packets_dropped, 2U);
  header.src_cid = kTestCid;
  header.dst_cid = 5;
  guest.switchboard.take(header, {});
  const auto reset = guest.receive();
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->header.src_cid, 5U) << "nobody lives there, and the guest need not wait for him";
}

TEST(Switchboard, ResetsTheConnectionOfAHeaderThatLies) {
  PureGuest guest(test_settings());
  const ConnectionId id = guest.connect(kStream, 7);
  guest.switchboard.take_malformed(guest.header(Op::kData, kStream, 7));
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_EQ(guest.find(id), nullptr);
}

TEST(Switchboard, CountsNothingLostThatAHeaderOnlyClaims) {
  PureGuest guest(test_settings());
  Header header = guest.header(Op::kData, kStream, 7);
  header.len = 0xffffffff;
  guest.switchboard.take_malformed(header);
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_EQ(guest.switchboard.counts().packets_dropped, 1U);
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 0U);
}

TEST(Switchboard, KeepsAtMost1024Connections) {
  PureGuest guest(test_settings());
  for (std::uint32_t port = 0; port < kMostConnections; ++port) guest.connect(kSeqpacket, port);
  EXPECT_EQ(guest.switchboard.n_connections(), kMostConnections);
  guest.send(Op::kRequest, kSeqpacket, 5000);
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_FALSE(guest.switchboard.open(kStream, 22));
  guest.send(Op::kReset, kSeqpacket, 17);
  guest.send(Op::kRequest, kSeqpacket, 5000);
  EXPECT_EQ(guest.switchboard.n_connections(), kMostConnections);
  EXPECT_FALSE(guest.receive());
}

TEST(Switchboard, TakesNothingMoreWhileRepliesWaitForBuffers) {
  PureGuest guest(test_settings());
  std::uint32_t n_taken = 0;
  while (guest.switchboard.accepts_packets()) guest.send(Op::kRequest, kStream, n_taken++, {}, 0, 99);
  EXPECT_EQ(n_taken, kMostStrays);
  for (std::uint32_t port = 0; port < n_taken; ++port) {
    EXPECT_EQ(guest.receive()->header.dst_port, port) << "in their order";
  }
  EXPECT_TRUE(guest.switchboard.accepts_packets());
}

TEST(Switchboard, HoldsNothingForAGuestThatOnlyAsks) {
  PureGuest guest(test_settings());
  guest.connect(kStream, 7);
  for (int i = 0; i < 10'000; ++i) guest.send(Op::kCreditRequest, kStream, 7);
  EXPECT_TRUE(guest.switchboard.accepts_packets());
  EXPECT_EQ(guest.receive_op(), Op::kCreditUpdate);
  EXPECT_FALSE(guest.receive()) << "one answer is as good as ten thousand";
}

TEST(Switchboard, LetsConnectionsSpeakInTurn) {
  PureGuest guest(test_settings());
  const ConnectionId first = guest.connect(kStream, 1);
  const ConnectionId second = guest.connect(kStream, 2);
  guest.put_in(first, "aaa");
  guest.put_in(second, "bbb");
  std::string spoken;
  while (const auto packet = guest.receive(kHeaderSize + 1)) spoken += packet->payload;
  EXPECT_EQ(spoken, "ababab");
}

TEST(Switchboard, ShowsRequestsInTheirOrder) {
  PureGuest guest(test_settings());
  for (std::uint32_t port = 900; port > 0; --port) guest.send(Op::kRequest, kSeqpacket, port);
  for (std::uint32_t port = 900; port > 0; --port) {
    const auto id = guest.switchboard.next_attention();
    ASSERT_TRUE(id);
    EXPECT_EQ(guest.find(*id)->ends().guest_port, port);
  }
}

TEST(Switchboard, OpensConnectionsToTheGuest) {
  PureGuest guest(test_settings());
  const auto id = guest.switchboard.open(kStream, 22);
  ASSERT_TRUE(id);
  const auto request = guest.receive();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->op(), Op::kRequest);
  EXPECT_EQ(request->header.dst_port, 22U);
  EXPECT_GE(request->header.src_port, 1024U);
  EXPECT_GT(request->header.buf_alloc, 0U);
  EXPECT_EQ(guest.find(*id)->read_limit(), 0U) << "not before the guest has answered";
  guest.send(Op::kResponse, kStream, 22, {}, 0, request->header.src_port);
  EXPECT_EQ(guest.find(*id)->phase(), Connection::Phase::kOpen);
  EXPECT_GT(guest.find(*id)->read_limit(), 0U);
  guest.put_in(*id, "hello");
  EXPECT_EQ(guest.receive()->payload, "hello");
  const auto next = guest.switchboard.open(kStream, 22);
  EXPECT_NE(guest.find(*next)->ends(), guest.find(*id)->ends());
}

TEST(Switchboard, HearsWhenTheGuestRefuses) {
  PureGuest guest(test_settings());
  const auto id = guest.switchboard.open(kSeqpacket, 22);
  const std::uint32_t port = guest.receive()->header.src_port;
  guest.send(Op::kReset, kSeqpacket, 22, {}, 0, port);
  EXPECT_EQ(guest.find(*id), nullptr);
  EXPECT_EQ(guest.attention(), *id) << "so that its host socket is closed";
  EXPECT_EQ(guest.switchboard.counts().refused, 1U);
}

TEST(Switchboard, ForgetsAllWhenTheGuestIsReset) {
  PureGuest guest(test_settings());
  const ConnectionId silent = guest.connect(kStream, 1);
  const ConnectionId spoke = guest.connect(kStream, 2);
  guest.send(Op::kData, kStream, 2, "last words");
  guest.send(Op::kRequest, kStream, 3, {}, 0, 99);
  guest.switchboard.drop_all();
  EXPECT_FALSE(guest.receive());
  EXPECT_EQ(guest.find(silent), nullptr);
  guest.send(Op::kRequest, kStream, 2);
  EXPECT_FALSE(guest.receive()) << "it begins anew";
  EXPECT_EQ(guest.take_out(spoke), "last words") << "what was sent is sent";
  EXPECT_EQ(guest.find(spoke), nullptr);
  EXPECT_EQ(guest.switchboard.n_connections(), 1U);
}

TEST(Switchboard, CountsWhatNoHostSocketTookInTheEnd) {
  PureGuest guest(test_settings());
  guest.connect(kStream, 1);
  guest.send(Op::kData, kStream, 1, "unheard");
  guest.switchboard.forget_all();
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 7U);
  EXPECT_EQ(guest.switchboard.n_connections(), 0U);
}

}  // namespace
}  // namespace notifyspec::vsock
