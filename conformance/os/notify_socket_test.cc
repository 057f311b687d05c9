#include "os/notify_socket.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "os/clock.h"
#include "os/notify_sender.h"
#include "os/socket_address.h"

namespace notifyspec::os {
namespace {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// A folder of its own for each test; it goes with everything in it.
class NotifySocketTest : public testing::Test {
 protected:
  NotifySocketTest() {
    std::string pattern = testing::TempDir() + "notify_socket_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~NotifySocketTest() override { std::filesystem::remove_all(folder_); }

  wire::UnixAddress address(const std::string& name = "notify") const { return {folder_ / name, false}; }
  wire::Endpoint endpoint(const std::string& name = "notify") const {
    return wire::UnixEndpoint{.address = address(name)};
  }

  std::filesystem::path folder_;
  WallClock clock_;
  std::int64_t n_connections_ = 0;
  Reception reception_ = {.clock = clock_, .n_connections = n_connections_};
};

TEST_F(NotifySocketTest, DatagramsArriveWithSenderFdsAndTime) {
  auto socket = NotifySocket::bind(endpoint());
  ASSERT_TRUE(socket) << socket.error().reason;
  const auto sender = NotifySender::connect(address());
  ASSERT_TRUE(sender) << sender.error().reason;
  const std::int64_t before_usec = monotonic_usec();
  ASSERT_TRUE((*sender)->send("READY=1", 0));
  ASSERT_TRUE((*sender)->send("", kMaxFds));
  const std::int64_t after_usec = monotonic_usec();

  const auto arrivals = socket->receive(kNoLimit, reception_);
  ASSERT_TRUE(arrivals) << arrivals.error().reason;
  ASSERT_EQ(arrivals->size(), 2U);
  const Arrival& first = arrivals->front();
  EXPECT_EQ(first.data, "READY=1");
  EXPECT_EQ(first.n_fds, 0U);
  EXPECT_EQ(first.pid, getpid());
  EXPECT_EQ(first.uid, getuid());
  EXPECT_EQ(first.gid, getgid());
  EXPECT_FALSE(first.truncated);
  const Arrival& second = arrivals->back();
  EXPECT_EQ(second.data, "");
  EXPECT_EQ(second.n_fds, kMaxFds);
  EXPECT_FALSE(second.truncated);
  constexpr std::int64_t kClockErrorUsec = 500;
  EXPECT_GE(first.sent_usec, before_usec - kClockErrorUsec);
  EXPECT_LE(first.sent_usec, second.sent_usec);
  EXPECT_LE(second.sent_usec, after_usec + kClockErrorUsec);
}

TEST_F(NotifySocketTest, NoMoreThanTheLimitIsTaken) {
  auto socket = NotifySocket::bind(endpoint());
  const auto sender = NotifySender::connect(address());
  for (const std::string_view data : {"A=1", "A=2", "A=3"}) ASSERT_TRUE((*sender)->send(data, 0));
  EXPECT_EQ(socket->receive(0, reception_)->size(), 0U);
  EXPECT_EQ(socket->receive(2, reception_)->size(), 2U);
  EXPECT_EQ(socket->receive(2, reception_)->front().data, "A=3");
  EXPECT_EQ(socket->receive(2, reception_)->size(), 0U);
}

TEST_F(NotifySocketTest, AbstractNamesAreExact) {
  const std::string name = "notify_socket_test-" + std::to_string(getpid());
  const auto socket = NotifySocket::bind(wire::UnixEndpoint{{name, true}, {}});
  ASSERT_TRUE(socket) << socket.error().reason;
  EXPECT_TRUE(NotifySender::connect({name, true}));
  EXPECT_FALSE(NotifySender::connect({name + "x", true}));
  EXPECT_FALSE(NotifySender::connect({name + '\0', true}));
}

TEST_F(NotifySocketTest, TheLongestNamesAreBound) {
  const std::size_t room = wire::kUnixNameLimit - folder_.string().size() - 1;
  EXPECT_TRUE(NotifySocket::bind(endpoint(std::string(room, 'n'))));
  EXPECT_TRUE(NotifySocket::bind(wire::UnixEndpoint{{std::string(wire::kUnixNameLimit, 'n'), true}, {}}));
}

TEST_F(NotifySocketTest, ItsFileGoesWithIt) {
  {
    auto socket = NotifySocket::bind(endpoint());
    ASSERT_TRUE(std::filesystem::exists(address().name));
    const NotifySocket moved = std::move(*socket);
    EXPECT_TRUE(std::filesystem::exists(address().name));
  }
  EXPECT_FALSE(std::filesystem::exists(address().name));
}

TEST_F(NotifySocketTest, AFileThatTookItsPlaceStays) {
  {
    const auto socket = NotifySocket::bind(endpoint());
    ASSERT_TRUE(socket);
    std::filesystem::remove(address().name);
    std::filesystem::create_directory(address().name);
  }
  EXPECT_TRUE(std::filesystem::exists(address().name));
}

TEST_F(NotifySocketTest, AStaleSocketIsReplacedAndALivingOneIsNot) {
  {
    const auto left_behind = make_socket(AF_UNIX, wire::SocketType::kDgram, 0);
    const SocketAddress name = to_socket_address(address());
    ASSERT_EQ(::bind(left_behind->get(), name.get(), name.length), 0);
    const auto refused = NotifySocket::bind(endpoint());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, EADDRINUSE);
  }
  ASSERT_TRUE(std::filesystem::exists(address().name));
  EXPECT_TRUE(NotifySocket::bind(endpoint()));
}

TEST_F(NotifySocketTest, AMissingFolderIsNamed) {
  const auto refused = NotifySocket::bind(endpoint("absent/notify"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ENOENT);
  EXPECT_NE(refused.error().reason.find("absent/notify"), std::string::npos);
}

}  // namespace
}  // namespace notifyspec::os
