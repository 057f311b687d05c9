#include "os/connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/clock.h"

namespace notifyspec::os {
namespace {

constexpr std::size_t kNoLimit = SIZE_MAX;
constexpr Peer kPeer = {.vsock = wire::VsockPeer{.cid = 4, .port = 1023}, .pid = {}, .uid = {}, .gid = {}};

/// A connection whose other end the test has.
class ConnectionTest : public testing::Test {
 protected:
  void connect(int type) {
    std::array<int, 2> fds;
    ASSERT_EQ(socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
    peer_ = UniqueFd(fds[0]);
    const int on = 1;
    ASSERT_EQ(setsockopt(fds[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
    const auto kind = type == SOCK_STREAM ? wire::SocketType::kStream : wire::SocketType::kSeqpacket;
    connection_.emplace(UniqueFd(fds[1]), kind, kPeer, 7);
  }
  void say(std::string_view bytes) const {
    ASSERT_EQ(::send(peer_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  Connection::State read(std::size_t limit = kNoLimit) {
    arrivals_.clear();
    return connection_->read(buffer_, limit, arrivals_);
  }

  UniqueFd peer_;
  std::optional<Connection> connection_;
  std::vector<char> buffer_ = std::vector<char>(kReceiveLimit + 1);
  std::vector<Arrival> arrivals_;
};

using State = Connection::State;

TEST_F(ConnectionTest, AStreamIsOneMessageAtItsEnd) {
  connect(SOCK_STREAM);
  say("A=1\n");
  EXPECT_EQ(read(), State::kOpen);
  EXPECT_TRUE(arrivals_.empty());
  say("B=2");
  const std::int64_t before_usec = monotonic_usec();
  shutdown(peer_.get(), SHUT_WR);
  ASSERT_EQ(read(), State::kEnded);
  ASSERT_EQ(arrivals_.size(), 1U);
  EXPECT_EQ(arrivals_[0].data, "A=1\nB=2");
  EXPECT_GE(arrivals_[0].sent_usec, before_usec);
  EXPECT_EQ(arrivals_[0].peer, kPeer.vsock);
  EXPECT_EQ(arrivals_[0].type, wire::SocketType::kStream);
  EXPECT_EQ(arrivals_[0].connection, 7);
  EXPECT_FALSE(arrivals_[0].truncated);
  EXPECT_FALSE(connection_->unfinished());
}

TEST_F(ConnectionTest, PacketsAreMessagesAndAnEmptyOneIsNotTheEnd) {
  connect(SOCK_SEQPACKET);
  for (const std::string_view packet : {"A=1", "", "B=2"}) say(packet);
  ASSERT_EQ(read(2), State::kOpen);
  ASSERT_EQ(arrivals_.size(), 2U);
  EXPECT_EQ(arrivals_[0].data, "A=1");
  EXPECT_EQ(arrivals_[1].data, "");
  shutdown(peer_.get(), SHUT_WR);
  ASSERT_EQ(read(), State::kEnded);
  ASSERT_EQ(arrivals_.size(), 1U);
  EXPECT_EQ(arrivals_[0].data, "B=2");
}

TEST_F(ConnectionTest, WhatAResetLeavesIsUnfinished) {
  connect(SOCK_STREAM);
  say("A=1\nB=");
  // A peer that goes away without having read all that was sent to it resets the connection.
  ASSERT_EQ(::send(connection_->fd(), "x", 1, 0), 1);
  { const UniqueFd gone = std::move(peer_); }
  State state = read();
  if (state == State::kOpen) state = read();
  EXPECT_EQ(state, State::kReset);
  EXPECT_TRUE(arrivals_.empty());
  const auto rest = connection_->unfinished();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->data, "A=1\nB=");
  EXPECT_TRUE(rest->truncated);
}

TEST_F(ConnectionTest, OneConnectionCannotBeReadForever) {
  connect(SOCK_SEQPACKET);
  constexpr int kMany = 64;
  for (int i = 0; i < kMany; ++i) say("A=1");
  EXPECT_EQ(read(), State::kOpen);
  EXPECT_LT(arrivals_.size(), static_cast<std::size_t>(kMany));
}

TEST_F(ConnectionTest, NoMoreThanTheLimitIsKept) {
  connect(SOCK_STREAM);
  const std::string piece(std::size_t{64} * 1024, 'x');
  std::size_t sent = 0;
  for (; sent <= kReceiveLimit; sent += piece.size()) {
    say(piece);
    EXPECT_EQ(read(), State::kOpen);
  }
  shutdown(peer_.get(), SHUT_WR);
  ASSERT_EQ(read(), State::kEnded);
  EXPECT_EQ(arrivals_.at(0).data.size(), kReceiveLimit);
  EXPECT_TRUE(arrivals_.at(0).truncated);
}

}  // namespace
}  // namespace notifyspec::os
