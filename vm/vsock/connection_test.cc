// One connection through its life, as the switchboard drives it.
#include "vsock/connection.h"

#include <gtest/gtest.h>

#include <string>

#include "vsock/pure_guest.h"

namespace notifyspec::vsock {
namespace {

constexpr std::uint32_t kPort = 1023;
constexpr std::uint32_t kBoth = kShutdownSend | kShutdownReceive;

class EachKind : public testing::TestWithParam<Kind> {
 protected:
  PureGuest guest{test_settings()};
};
INSTANTIATE_TEST_SUITE_P(Connection, EachKind, testing::Values(Kind::kStream, Kind::kSeqpacket),
                         [](const auto& each) {
                           return each.param == Kind::kStream ? "stream" : "seqpacket";
                         });

TEST_P(EachKind, GoesAsSystemdDoesIt) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.send(Op::kData, GetParam(), kPort, "READY=1", kEndOfMessage);
  guest.send(Op::kShutdown, GetParam(), kPort, {}, kShutdownSend);
  EXPECT_FALSE(guest.find(id)->half_close_due()) << "what was sent before comes first";
  EXPECT_EQ(guest.take_out(id), "READY=1");
  EXPECT_TRUE(guest.find(id)->half_close_due());
  guest.find(id)->half_close_passed();
  EXPECT_FALSE(guest.find(id)->half_close_due());
  guest.end_host(id, true);
  const auto shutdown = guest.receive();
  EXPECT_EQ(shutdown->op(), Op::kShutdown);
  EXPECT_EQ(shutdown->header.flags, kBoth);
  guest.send(Op::kReset, GetParam(), kPort);
  EXPECT_EQ(guest.find(id), nullptr);
  EXPECT_FALSE(guest.receive());
  EXPECT_EQ(guest.switchboard.counts().resets_taken, 0U) << "that is how a connection ends";
}

TEST_P(EachKind, IsAnsweredWithResetWhenTheGuestHasClosedAndAllIsFlushed) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.send(Op::kData, GetParam(), kPort, "last words", kEndOfMessage);
  guest.send(Op::kShutdown, GetParam(), kPort, {}, kBoth);
  EXPECT_FALSE(guest.receive());
  EXPECT_EQ(guest.take_out(id), "last words");
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_EQ(guest.find(id), nullptr);
  EXPECT_EQ(guest.switchboard.counts().resets_sent, 0U);
}

TEST_P(EachKind, StillReachesTheHostWhenTheGuestIsTiredOfWaiting) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.send(Op::kData, GetParam(), kPort, "last words", kEndOfMessage);
  guest.send(Op::kShutdown, GetParam(), kPort, {}, kBoth);
  guest.send(Op::kReset, GetParam(), kPort);
  EXPECT_EQ(guest.take_out(id), "last words");
  EXPECT_EQ(guest.find(id), nullptr);
  EXPECT_FALSE(guest.receive()) << "no RST for a RST";
}

TEST_P(EachKind, IsDroppedByAResetInItsMiddle) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.send(Op::kData, GetParam(), kPort, "unheard", kEndOfMessage);
  guest.send(Op::kReset, GetParam(), kPort);
  EXPECT_EQ(guest.find(id), nullptr);
  EXPECT_EQ(guest.switchboard.counts().resets_taken, 1U);
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 7U);
}

TEST_P(EachKind, PassesTheHostsHalfCloseOnBehindItsData) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.put_in(id, "answer");
  guest.end_host(id, false);
  EXPECT_EQ(guest.receive()->payload, "answer");
  EXPECT_EQ(guest.receive()->header.flags, kShutdownSend);
  guest.send(Op::kData, GetParam(), kPort, "still heard", kEndOfMessage);
  EXPECT_EQ(guest.take_out(id), "still heard");
}

TEST_P(EachKind, CountsWhatNobodyTakesAnyMore) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.send(Op::kData, GetParam(), kPort, "12345", kEndOfMessage);
  guest.end_host(id, true);
  guest.send(Op::kData, GetParam(), kPort, "678", kEndOfMessage);
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 8U);
  EXPECT_TRUE(guest.find(id)->host_done());
}

TEST_P(EachKind, DropsWhatADeafGuestWillNotTake) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.put_in(id, "unread");
  guest.send(Op::kShutdown, GetParam(), kPort, {}, kShutdownReceive);
  EXPECT_TRUE(guest.find(id)->guest_is_deaf());
  EXPECT_EQ(guest.find(id)->read_limit(), 0U);
  EXPECT_FALSE(guest.receive());
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_in, 6U);
}

TEST_P(EachKind, IsResetByWhatMayNotCome) {
  const auto spoil = [&](std::uint32_t port, const auto& what) {
    guest.connect(GetParam(), port);
    what(port);
    EXPECT_EQ(guest.receive_op(), Op::kReset) << port;
    EXPECT_FALSE(guest.receive()) << port;
  };
  const Kind other = GetParam() == Kind::kStream ? Kind::kSeqpacket : Kind::kStream;
  spoil(1, [&](std::uint32_t port) { guest.send(Op::kRequest, GetParam(), port); });
  spoil(2, [&](std::uint32_t port) { guest.send(Op::kResponse, GetParam(), port); });
  spoil(3, [&](std::uint32_t port) { guest.send(Op::kInvalid, GetParam(), port); });
  spoil(4, [&](std::uint32_t port) { guest.send(static_cast<Op>(8), GetParam(), port); });
  spoil(5, [&](std::uint32_t port) { guest.send(Op::kData, other, port, "x"); });
  spoil(6, [&](std::uint32_t port) {
    guest.send(Op::kShutdown, GetParam(), port, {}, kShutdownSend);
    guest.send(Op::kData, GetParam(), port, "after the end");
  });
  EXPECT_EQ(guest.switchboard.n_connections(), 0U);
  EXPECT_EQ(guest.switchboard.counts().resets_sent, 6U);
}

TEST_P(EachKind, BearsAStormOfShutdowns) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  for (int i = 0; i < 1000; ++i)
    guest.send(Op::kShutdown, GetParam(), kPort, {}, i % 2 == 0 ? 0 : kShutdownSend);
  EXPECT_TRUE(guest.find(id)->half_close_due());
  EXPECT_FALSE(guest.receive());
}

// --- credit

TEST_P(EachKind, TakesAllTheCreditThatWasOfferedAndNotAByteMore) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  const std::string all(kOfferedCredit, 'x');
  guest.send(Op::kData, GetParam(), kPort, all);
  EXPECT_NE(guest.find(id)->phase(), Connection::Phase::kDead);
  guest.send(Op::kData, GetParam(), kPort, "x");
  EXPECT_EQ(guest.receive_op(), Op::kReset);
}

TEST_P(EachKind, TellsTheGuestWhatWasPassedOn) {
  const ConnectionId id = guest.connect(GetParam(), kPort);
  guest.send(Op::kData, GetParam(), kPort, std::string(kOfferedCredit / 4 - 1, 'x'), kEndOfMessage);
  guest.take_out(id);
  EXPECT_FALSE(guest.receive()) << "not worth a packet";
  guest.send(Op::kData, GetParam(), kPort, "y", kEndOfMessage);
  guest.take_out(id);
  const auto update = guest.receive();
  EXPECT_EQ(update->op(), Op::kCreditUpdate);
  EXPECT_EQ(update->header.fwd_cnt, kOfferedCredit / 4);
  EXPECT_EQ(update->header.buf_alloc, kOfferedCredit);
  EXPECT_FALSE(guest.receive());
}

TEST_P(EachKind, AnswersACreditRequest) {
  guest.connect(GetParam(), kPort);
  guest.send(Op::kCreditRequest, GetParam(), kPort);
  EXPECT_EQ(guest.receive_op(), Op::kCreditUpdate);
  EXPECT_FALSE(guest.receive());
}

TEST_P(EachKind, SendsTheGuestNoMoreThanItHasRoomFor) {
  guest.buf_alloc = 10;
  const ConnectionId id = guest.connect(GetParam(), kPort);
  EXPECT_EQ(guest.find(id)->read_limit(), 10U);
  guest.put_in(id, "0123456789");
  EXPECT_EQ(guest.receive()->payload, "0123456789");
  EXPECT_EQ(guest.find(id)->read_limit(), 0U);
  EXPECT_EQ(guest.receive_op(), Op::kCreditRequest);
  guest.send(Op::kCreditUpdate, GetParam(), kPort);
  EXPECT_FALSE(guest.receive()) << "asked once, as long as there is no room";
  guest.fwd_cnt = 4;
  guest.send(Op::kCreditUpdate, GetParam(), kPort);
  EXPECT_EQ(guest.find(id)->read_limit(), 4U);
  guest.fwd_cnt = 0xffff0000;  // it has taken what it was never sent
  guest.send(Op::kCreditUpdate, GetParam(), kPort);
  EXPECT_EQ(guest.find(id)->read_limit(), 0U);
}

// --- messages

TEST(Connection, GathersAMessageOfSeveralPackets) {
  PureGuest guest(test_settings());
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  guest.send_message(kPort, "one ", 0);
  EXPECT_FALSE(guest.take_out(id)) << "its end has not come";
  guest.send_message(kPort, "message");
  guest.send_message(kPort, "another", kEndOfMessage | kEndOfRecord);
  guest.send_message(kPort, "");
  EXPECT_EQ(guest.take_out(id), "one message");
  EXPECT_EQ(guest.take_out(id), "another");
  EXPECT_EQ(guest.take_out(id), "") << "an empty message is one, too";
  EXPECT_FALSE(guest.take_out(id));
  EXPECT_EQ(guest.switchboard.counts().messages_out, 3U);
  EXPECT_EQ(guest.switchboard.counts().records_unmarked, 1U);
}

TEST(Connection, GivesAMessageInPiecesAndMarksTheLast) {
  PureGuest guest(test_settings());
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  guest.put_in(id, "0123456789");
  const auto first = guest.receive(kHeaderSize + 6);
  EXPECT_EQ(first->payload, "012345");
  EXPECT_EQ(first->header.flags, 0U);
  const auto second = guest.receive(kHeaderSize + 6);
  EXPECT_EQ(second->payload, "6789");
  EXPECT_EQ(second->header.flags, kEndOfMessage);
  guest.put_in(id, "");
  const auto empty = guest.receive();
  EXPECT_EQ(empty->header.len, 0U);
  EXPECT_EQ(empty->header.flags, kEndOfMessage);
}

TEST(Connection, IsResetByAMessageThatTheGuestCanNeverTake) {
  PureGuest guest(test_settings());
  guest.buf_alloc = 8;
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  guest.put_in(id, "012345678");
  EXPECT_EQ(guest.receive_op(), Op::kReset);
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_in, 9U);
}

TEST(Connection, DoesNotKeepEndlessEmptyMessages) {
  PureGuest guest(test_settings({"credit=100"}));
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  for (int i = 0; i < 1000 && guest.find(id) != nullptr && !guest.find(id)->host_done(); ++i) {
    guest.send_message(kPort, "");
  }
  EXPECT_EQ(guest.receive_op(), Op::kReset);
}

TEST(Connection, DropsTheBeginningOfAMessageThatNeverEnds) {
  PureGuest guest(test_settings());
  const ConnectionId id = guest.connect(Kind::kSeqpacket, kPort);
  guest.send_message(kPort, "whole");
  guest.send_message(kPort, "begun", 0);
  guest.send(Op::kShutdown, Kind::kSeqpacket, kPort, {}, kShutdownSend);
  EXPECT_EQ(guest.take_out(id), "whole");
  EXPECT_FALSE(guest.take_out(id));
  EXPECT_EQ(guest.switchboard.counts().bytes_lost_out, 5U);
}

}  // namespace
}  // namespace notifyspec::vsock
