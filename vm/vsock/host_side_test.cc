// The device with a driver in memory and real AF_UNIX sockets.
#include "vsock/host_side.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "vsock/pure_guest.h"
#include "vsock/simulated_device.h"
#include "wire/vsock_peer.h"

namespace notifyspec::vsock {
namespace {

using Texts = std::vector<std::string>;

class EachHostKind : public testing::TestWithParam<Kind> {
 protected:
  void send(Op op, std::uint32_t port, std::string_view payload = {}, std::uint32_t flags = 0) {
    device_.send(op, GetParam(), port, as_payload(payload), flags);
  }
  Receiver::Call connect(std::uint32_t port) {
    send(Op::kRequest, port);
    EXPECT_EQ(device_.receive()->header.operation(), Op::kResponse);
    return receiver_.accept();
  }
  Receiver receiver_{GetParam()};
  SimulatedDevice device_{{{.port = 1234, .to = receiver_.address()}}, {}};
};
INSTANTIATE_TEST_SUITE_P(HostSide, EachHostKind, testing::Values(Kind::kStream, Kind::kSeqpacket),
                         [](const auto& each) {
                           return each.param == Kind::kStream ? "stream" : "seqpacket";
                         });

TEST_P(EachHostKind, CarriesWhatSystemdSays) {
  const Receiver::Call call = connect(1023);
  EXPECT_EQ(wire::parse_vsock_peer(call.peer), (wire::VsockPeer{.cid = 3, .port = 1023}));
  send(Op::kData, 1023, "READY=1", kEndOfMessage);
  send(Op::kShutdown, 1023, {}, kShutdownSend);
  device_.step();
  EXPECT_EQ(read_now(call.fd), (Texts{"READY=1", "<end>"}));
  EXPECT_FALSE(device_.receive()) << "the guest waits until the receiver closes";
  ::shutdown(call.fd.get(), SHUT_RDWR);
  const auto shutdown = device_.receive();
  ASSERT_TRUE(shutdown);
  EXPECT_EQ(shutdown->header.operation(), Op::kShutdown);
  EXPECT_EQ(shutdown->header.flags, kShutdownSend | kShutdownReceive);
  send(Op::kReset, 1023);
  device_.step();
  EXPECT_EQ(device_.host_side.n_sockets(), 0U);
  EXPECT_EQ(device_.switchboard.n_connections(), 0U);
}

TEST_P(EachHostKind, KeepsOrderAndMessagesUnderPressure) {
  Receiver::Call call = connect(1);
  std::string sent, received;
  std::size_t n_messages = 0, n_received = 0;
  std::uint32_t told = 0;
  const auto read = [&] {
    device_.step();
    for (const std::string& text : read_now(call.fd)) {
      received += text;
      ++n_received;
    }
    while (const auto packet = device_.driver.receive()) told = packet->header.fwd_cnt;
  };
  for (std::size_t i = 0; i < 600; ++i) {
    const std::string message(1 + i * 37 % 9000, static_cast<char>('a' + i % 26));
    while (sent.size() + message.size() - told > kOfferedCredit) read();
    send(Op::kData, 1, message, kEndOfMessage);
    sent += message;
    ++n_messages;
    if (i % 50 == 0) read();
  }
  for (int i = 0; i < 100 && received.size() < sent.size(); ++i) read();
  EXPECT_EQ(received, sent);
  if (GetParam() == Kind::kSeqpacket) {
    EXPECT_EQ(n_received, n_messages);
  }
  EXPECT_EQ(device_.switchboard.counts().bytes_out, sent.size());
}

TEST_P(EachHostKind, GivesTheGuestWhatTheHostSays) {
  Receiver::Call call = connect(1);
  std::string sent, received;
  const std::string message(65536, 'x');
  std::uint32_t n_ends = 0;
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(::send(call.fd.get(), message.data(), message.size(), 0), static_cast<ssize_t>(message.size()));
    sent += message;
    while (const auto packet = device_.receive()) {
      received += as_text(packet->payload);
      device_.fwd_cnt += packet->header.len;
      n_ends += packet->header.flags & kEndOfMessage;
      send(Op::kCreditUpdate, 1);
    }
  }
  EXPECT_EQ(received, sent);
  EXPECT_EQ(n_ends, GetParam() == Kind::kSeqpacket ? 20U : 0U);
  call.fd = {};
  const auto end = device_.receive();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->header.flags, kShutdownSend | kShutdownReceive);
}

TEST_P(EachHostKind, PassesAHalfCloseOfTheHostOn) {
  const Receiver::Call call = connect(1);
  ::shutdown(call.fd.get(), SHUT_WR);
  EXPECT_EQ(device_.receive()->header.flags, kShutdownSend);
  send(Op::kData, 1, "still heard", kEndOfMessage);
  send(Op::kShutdown, 1, {}, kShutdownSend);
  device_.step();
  EXPECT_EQ(read_now(call.fd), (Texts{"still heard", "<end>"}));
}

TEST_P(EachHostKind, TellsTheHostThatTheGuestIsDeaf) {
  const Receiver::Call call = connect(1);
  send(Op::kShutdown, 1, {}, kShutdownReceive);
  device_.step();
  EXPECT_EQ(::send(call.fd.get(), "x", 1, MSG_NOSIGNAL), -1);
  EXPECT_EQ(errno, EPIPE);
  send(Op::kData, 1, "not dumb", kEndOfMessage);
  device_.step();
  EXPECT_EQ(read_now(call.fd), (Texts{"not dumb"}));
}

TEST_P(EachHostKind, Serves256AtOnceInTheirOrder) {
  constexpr std::uint32_t kCount = 256;
  for (std::uint32_t port = 0; port < kCount; ++port) send(Op::kRequest, port);
  device_.step();
  std::vector<Receiver::Call> calls;
  for (std::uint32_t port = 0; port < kCount; ++port) {
    calls.push_back(receiver_.accept());
    EXPECT_EQ(wire::parse_vsock_peer(calls.back().peer)->port, port);
  }
  for (std::uint32_t port = 0; port < kCount; ++port)
    send(Op::kData, port, std::to_string(port), kEndOfMessage);
  device_.step();
  for (std::uint32_t port = 0; port < kCount; ++port)
    EXPECT_EQ(read_now(calls[port].fd), Texts{std::to_string(port)});
}

TEST_P(EachHostKind, EndsWhenTheGuestIsReset) {
  const Receiver::Call call = connect(1);
  device_.switchboard.drop_all();
  device_.step();
  EXPECT_EQ(read_now(call.fd), Texts{"<end>"});
  EXPECT_EQ(device_.host_side.n_sockets(), 0U);
}

TEST(HostSide, RefusesWhereNobodyListens) {
  std::optional<Receiver> receiver(std::in_place, Kind::kStream);
  SimulatedDevice device({{.port = 1234, .to = receiver->address()}}, {});
  receiver.reset();
  device.send(Op::kRequest, Kind::kStream, 1);
  EXPECT_EQ(device.receive()->header.operation(), Op::kReset);
  EXPECT_EQ(device.switchboard.counts().refused, 1U);
}

TEST(HostSide, RefusesASocketOfTheOtherKind) {
  const Receiver receiver(Kind::kStream);
  SimulatedDevice device(
      {{.port = 1234, .to = {.kind = Kind::kSeqpacket, .address = receiver.address().address}}}, {});
  device.send(Op::kRequest, Kind::kSeqpacket, 1);
  EXPECT_EQ(device.receive()->header.operation(), Op::kReset);
}

TEST(HostSide, WaitsForAFullBacklogAndKeepsTheOrder) {
  const Receiver receiver(Kind::kSeqpacket, 1);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {});
  constexpr std::uint32_t kCount = 10;
  for (std::uint32_t port = 0; port < kCount; ++port) device.send(Op::kRequest, Kind::kSeqpacket, port);
  device.step();
  EXPECT_TRUE(device.host_side.deadline_usec()) << "it will be tried again by timer";
  EXPECT_LT(device.host_side.n_sockets(), kCount);
  for (std::uint32_t port = 0; port < kCount; ++port) {
    while (!receiver.has_call()) device.wait_and_step();
    EXPECT_EQ(wire::parse_vsock_peer(receiver.accept().peer)->port, port);
  }
  EXPECT_EQ(device.switchboard.counts().connections, kCount);
  EXPECT_FALSE(device.host_side.deadline_usec());
}

TEST(HostSide, RemembersNobodyWhoWaitsNoMore) {
  const Receiver receiver(Kind::kSeqpacket, 1);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {});
  constexpr std::uint32_t kCount = 10;
  for (std::uint32_t port = 0; port < kCount; ++port) device.send(Op::kRequest, Kind::kSeqpacket, port);
  device.step();
  const std::size_t n_waiting = device.host_side.n_waiting();
  EXPECT_GT(n_waiting, 0U);
  for (int i = 0; i < 100; ++i) {
    device.send(Op::kRequest, Kind::kSeqpacket, kCount);
    device.step();
    device.send(Op::kReset, Kind::kSeqpacket, kCount);
    device.step();
  }
  EXPECT_LE(device.host_side.n_waiting(), n_waiting);
}

TEST(HostSide, FaultSlowTakesItsTime) {
  const Receiver receiver(Kind::kSeqpacket);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {"slow=1000"});
  device.send(Op::kRequest, Kind::kSeqpacket, 1);
  ASSERT_TRUE(device.receive());
  const std::int64_t start_usec = os::monotonic_usec();
  for (int i = 0; i < 3; ++i)
    device.send(Op::kData, Kind::kSeqpacket, 1, as_payload("ten bytes."), kEndOfMessage);
  device.step();
  const Receiver::Call call = receiver.accept();
  EXPECT_EQ(read_now(call.fd).size(), 1U);
  while (device.switchboard.counts().messages_out < 3) device.wait_and_step();
  EXPECT_GE(os::monotonic_usec() - start_usec, 20'000);
  EXPECT_EQ(read_now(call.fd).size(), 2U);
}

TEST(HostSide, FaultDelayClosePassesTheEndOnLate) {
  Receiver receiver(Kind::kStream);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {"delay-close=30"});
  device.send(Op::kRequest, Kind::kStream, 1);
  EXPECT_EQ(device.receive()->header.operation(), Op::kResponse);
  const std::int64_t start_usec = os::monotonic_usec();
  receiver.accept();  // and closes
  EXPECT_FALSE(device.receive());
  std::optional<DriverPacket> end;
  while (!(end = device.driver.receive())) device.wait_and_step();
  EXPECT_EQ(end->header.operation(), Op::kShutdown);
  EXPECT_GE(os::monotonic_usec() - start_usec, 30'000);
}

TEST(HostSide, FaultNoHalfCloseLeavesTheReceiverWaiting) {
  const Receiver receiver(Kind::kSeqpacket);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {"no-half-close"});
  device.send(Op::kRequest, Kind::kSeqpacket, 1);
  ASSERT_TRUE(device.receive());
  device.send(Op::kData, Kind::kSeqpacket, 1, as_payload("READY=1"), kEndOfMessage);
  device.send(Op::kShutdown, Kind::kSeqpacket, 1, {}, kShutdownSend);
  device.step();
  EXPECT_EQ(read_now(receiver.accept().fd), Texts{"READY=1"}) << "and no end";
}

}  // namespace
}  // namespace notifyspec::vsock
