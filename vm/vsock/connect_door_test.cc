// The door with a guest in memory and real AF_UNIX sockets.
#include "vsock/connect_door.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "vsock/pure_guest.h"
#include "vsock/simulated_device.h"

namespace notifyspec::vsock {
namespace {

using Texts = std::vector<std::string>;

TEST(ConnectLine, IsExactlyThat) {
  EXPECT_EQ(parse_connect("CONNECT 22\n"), 22U);
  EXPECT_EQ(parse_connect("CONNECT 4294967294\n"), 4294967294U);
  for (const char* const text : {"", "CONNECT", "CONNECT 22", "CONNECT \n", "connect 22\n", "CONNECT  22\n",
                                 "CONNECT 22 \n", "CONNECT 4294967295\n", "CONNECT -1\n", "CONNECT 22\nx"}) {
    EXPECT_FALSE(parse_connect(text)) << text;
  }
}

class Door : public testing::TestWithParam<Kind> {
 protected:
  /// A host program that has connected.
  os::UniqueFd visit(const HostAddress& at) {
    os::UniqueFd fd(
        ::socket(AF_UNIX, (GetParam() == Kind::kStream ? SOCK_STREAM : SOCK_SEQPACKET) | SOCK_CLOEXEC, 0));
    const os::SocketAddress name = os::to_socket_address(at.address);
    EXPECT_EQ(::connect(fd.get(), name.get(), name.length), 0);
    return fd;
  }
  /// Does what the program's main loop does.
  void step() {
    const auto ready = device_.poller.wait(0);
    const std::vector<Readiness> events(ready->begin(), ready->end());
    for (const Readiness& readiness : events) {
      if (readiness.source == Source::kDoor) door_.admit(readiness.id, 0);
      if (readiness.source == Source::kHost) device_.host_side.take_readiness(readiness, 0);
      if (readiness.source != Source::kVisitor) continue;
      auto wish = door_.hear(readiness.id);
      if (!wish) continue;
      wished_ = wish->port;
      if (const auto id = device_.switchboard.open(wish->socket.kind(), wish->port)) {
        device_.host_side.adopt(*id, std::move(wish->socket), 0);
      }
    }
    device_.pump(0);
  }
  HostAddress at_ = {.kind = GetParam(),
                     .address = {.name = "notifyspec-door-" + std::to_string(getpid()), .abstract = true}};
  SimulatedDevice device_{{}, {}};
  ConnectDoor door_{device_.poller};
  std::optional<std::uint32_t> wished_;
};
INSTANTIATE_TEST_SUITE_P(ConnectDoor, Door, testing::Values(Kind::kStream, Kind::kSeqpacket),
                         [](const auto& each) {
                           return each.param == Kind::kStream ? "stream" : "seqpacket";
                         });

TEST_P(Door, LeadsIntoTheGuest) {
  ASSERT_TRUE(door_.listen(at_));
  const os::UniqueFd program = visit(at_);
  step();
  EXPECT_EQ(door_.n_visitors(), 1U);
  ASSERT_EQ(::send(program.get(), "CONNECT 22\n", 11, 0), 11);
  ASSERT_EQ(::send(program.get(), "early", 5, 0), 5) << "without waiting for the answer";
  step();
  EXPECT_EQ(door_.n_visitors(), 0U);
  const auto request = device_.driver.receive();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->header.operation(), Op::kRequest);
  EXPECT_EQ(request->header.dst_port, 22U);
  EXPECT_EQ(read_now(program), Texts{});
  Header response = device_.header(Op::kResponse, GetParam(), 22, request->header.src_port);
  device_.driver.send(response);
  step();
  EXPECT_EQ(read_now(program), Texts{"OK " + std::to_string(request->header.src_port) + "\n"});
  EXPECT_EQ(as_text(device_.driver.receive()->payload), "early");
}

TEST_P(Door, ClosesWhereTheGuestRefuses) {
  ASSERT_TRUE(door_.listen(at_));
  const os::UniqueFd program = visit(at_);
  ASSERT_EQ(::send(program.get(), "CONNECT 23\n", 11, 0), 11);
  for (int i = 0; i < 3; ++i) step();
  const std::uint32_t port = device_.driver.receive()->header.src_port;
  device_.driver.send(device_.header(Op::kReset, GetParam(), 23, port));
  step();
  EXPECT_EQ(read_now(program), Texts{"<end>"});
}

TEST_P(Door, TellsTheGuestWhenAProgramDoesNotWait) {
  ASSERT_TRUE(door_.listen(at_));
  os::UniqueFd program = visit(at_);
  ASSERT_EQ(::send(program.get(), "CONNECT 23\n", 11, 0), 11);
  for (int i = 0; i < 3; ++i) step();
  EXPECT_EQ(device_.driver.receive()->header.operation(), Op::kRequest);
  program = {};
  step();
  EXPECT_EQ(device_.driver.receive()->header.operation(), Op::kReset);
  EXPECT_EQ(device_.host_side.n_sockets(), 0U);
}

TEST_P(Door, IsClosedToNonsense) {
  ASSERT_TRUE(door_.listen(at_));
  for (const std::string text :
       {"HELLO\n", "CONNECT x\n", "CONNECT 1234567890123456789012345678901234567890\n"}) {
    const os::UniqueFd program = visit(at_);
    ASSERT_EQ(::send(program.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    for (int i = 0; i < 3; ++i) step();
    EXPECT_EQ(door_.n_visitors(), 0U) << text;
  }
  EXPECT_FALSE(wished_);
}

}  // namespace
}  // namespace notifyspec::vsock
