#include "receiver/notify_receiver.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "os/carried_fds.h"
#include "os/message.h"
#include "os/notify_sender.h"

namespace {
std::size_t n_allocations = 0;
}

// Counts what the whole program allocates, so that a receiver that does cannot hide it.
void* operator new(std::size_t size) {
  ++n_allocations;
  if (void* const room = std::malloc(size)) return room;
  throw std::bad_alloc();
}
// Not inlined: else GCC sees free() beside an operator new, and takes them for a mismatch.
[[gnu::noinline]] void operator delete(void* room) noexcept {
  std::free(room);
}
[[gnu::noinline]] void operator delete(void* room, std::size_t) noexcept {
  std::free(room);
}

namespace notifyspec::receiver {
namespace {

std::size_t count_open_fds() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) count += entry.exists();
  return count;
}

/// A receiver under an abstract name, and a sender of its own.
class NotifyReceiverTest : public testing::Test {
 protected:
  NotifyReceiverTest() { start({}); }

  void start(const NotifyReceiver::Options& options) {
    sender_.reset();
    receiver_.reset();
    const wire::UnixAddress address = {"notify_receiver_test/" + std::to_string(getpid()), true};
    auto receiver = NotifyReceiver::bind(address, options);
    if (!receiver) throw std::runtime_error(receiver.error().reason);
    receiver_.emplace(std::move(*receiver));
    auto sender = os::NotifySender::connect(address);
    if (!sender) throw std::runtime_error(sender.error().reason);
    sender_ = std::move(*sender);
  }

  void send(std::string_view data, std::size_t n_fds = 0) { ASSERT_TRUE(sender_->send(data, n_fds)); }

  /// Receives one batch; says what lines each message had, "refused" where it was.
  std::vector<std::string> receive() {
    std::vector<std::string> seen;
    const auto count = receiver_->receive([&seen](Delivery& delivery) {
      std::string text = delivery.lines ? "" : "refused";
      if (delivery.lines)
        for (const std::string_view line : *delivery.lines) text += std::string(line) + ';';
      seen.push_back(text);
    });
    EXPECT_TRUE(count);
    EXPECT_EQ(count.value_or(0), seen.size());
    return seen;
  }

  std::uint64_t refused(Refusal why) const {
    return receiver_->counts().refused[static_cast<std::size_t>(why)];
  }

  std::optional<NotifyReceiver> receiver_;
  std::unique_ptr<os::Sender> sender_;
};

// bind() sees to it that there are some, so the test takes that back.
TEST_F(NotifyReceiverTest, TakesADatagramWithoutCredentialsForNobodys) {
  const int off = 0;
  ASSERT_EQ(setsockopt(receiver_->fd(), SOL_SOCKET, SO_PASSCRED, &off, sizeof off), 0);
  send("READY=1");
  std::size_t n_taken = 0;
  ASSERT_TRUE(receiver_->receive([&](const Delivery& delivery) {
    ++n_taken;
    EXPECT_EQ(delivery.sender.pid, 0);
    EXPECT_EQ(delivery.sender.uid, static_cast<uid_t>(-1));
    EXPECT_EQ(delivery.sender.gid, static_cast<gid_t>(-1));
  }));
  EXPECT_EQ(n_taken, 1U);
}

TEST_F(NotifyReceiverTest, GivesTheLinesOfEachDatagramOfABatch) {
  send("READY=1\nSTATUS=up");
  send("");
  send("WATCHDOG=1\n");
  send(std::string("MAINPID=1\0", 10));
  EXPECT_EQ(receive(), (std::vector<std::string>{"READY=1;STATUS=up;", "", "WATCHDOG=1;", "MAINPID=1;"}));
  EXPECT_EQ(receiver_->counts().taken, 4U);
  EXPECT_TRUE(receive().empty());
}

TEST_F(NotifyReceiverTest, TellsWhoSent) {
  send("READY=1");
  ASSERT_TRUE(receiver_->receive([](Delivery& delivery) {
    EXPECT_EQ(delivery.sender.pid, getpid());
    EXPECT_EQ(delivery.sender.uid, getuid());
    EXPECT_EQ(delivery.sender.gid, getgid());
    EXPECT_FALSE(delivery.pidfd);
  }));
}

TEST_F(NotifyReceiverTest, RefusesAndCountsWhatCannotBeRead) {
  const std::size_t before = count_open_fds();
  send(std::string(wire::kDatagramLimit, 'a'));
  send(std::string(wire::kDatagramLimit + 1, 'a'), 2);
  send(std::string("READY=1\0STATUS=x", 16));
  EXPECT_EQ(receive(),
            (std::vector<std::string>{std::string(wire::kDatagramLimit, 'a') + ';', "refused", "refused"}));
  EXPECT_EQ(refused(Refusal::kTooLong), 1U);
  EXPECT_EQ(refused(Refusal::kEmbeddedNul), 1U);
  EXPECT_EQ(refused(Refusal::kFdsLost), 0U);
  EXPECT_EQ(receiver_->counts().taken, 1U);
  EXPECT_EQ(count_open_fds(), before);
}

TEST_F(NotifyReceiverTest, ClosesFdsThatAreNotTaken) {
  const std::size_t before = count_open_fds();
  send("FDSTORE=1", os::kMaxFds);
  send("FDSTORE=1", 3);
  os::UniqueFd kept;
  std::vector<std::size_t> counts;
  ASSERT_TRUE(receiver_->receive([&](Delivery& delivery) {
    counts.push_back(delivery.fds.size());
    kept = delivery.fds.take(1);
    EXPECT_FALSE(delivery.fds.take(1));
  }));
  EXPECT_EQ(counts, (std::vector<std::size_t>{os::kMaxFds, 3}));
  EXPECT_GE(::fcntl(kept.get(), F_GETFD), 0);
  EXPECT_EQ(count_open_fds(), before + 1);
}

TEST_F(NotifyReceiverTest, ClosesTheFdsOfABatchThatIsGivenUp) {
  const std::size_t before = count_open_fds();
  for (int i = 0; i < 3; ++i) send("FDSTORE=1", 4);
  EXPECT_THROW(static_cast<void>(receiver_->receive([](Delivery&) { throw std::runtime_error("no more"); })),
               std::runtime_error);
  EXPECT_EQ(count_open_fds(), before);
}

TEST_F(NotifyReceiverTest, EndsABarrierWithTheCall) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const os::UniqueFd mine(ends[0]);
  {
    const os::UniqueFd theirs(ends[1]);
    const os::SocketAddress to =
        os::to_socket_address(wire::UnixAddress{"notify_receiver_test/" + std::to_string(getpid()), true});
    const os::UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(os::send_message(socket.get(), &to, "BARRIER=1", std::span(&ends[1], 1)), 9);
  }
  pollfd hangup = {.fd = mine.get(), .events = 0, .revents = 0};
  ASSERT_EQ(::poll(&hangup, 1, 0), 0);
  EXPECT_EQ(receive(), std::vector<std::string>{"BARRIER=1;"});
  EXPECT_EQ(::poll(&hangup, 1, 0), 1);
}

TEST_F(NotifyReceiverTest, RefusesAMessageWhoseFdsAreLost) {
  const std::size_t before = count_open_fds();
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  send("FDSTORE=1", 5);
  // The lowest free number and two more.
  const os::UniqueFd lowest(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const rlimit narrow = {.rlim_cur = static_cast<rlim_t>(lowest.get()) + 3, .rlim_max = limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &narrow), 0);
  const std::vector<std::string> seen = receive();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(seen, std::vector<std::string>{"refused"});
  EXPECT_EQ(refused(Refusal::kFdsLost), 1U);
  EXPECT_EQ(count_open_fds(), before + 1);
  send("READY=1");
  EXPECT_EQ(receive(), std::vector<std::string>{"READY=1;"});
}

TEST_F(NotifyReceiverTest, BringsAPidfdOfTheSender) {
  try {
    start({.with_pidfd = true});
  } catch (const std::runtime_error& error) {
    GTEST_SKIP() << error.what();
  }
  const std::size_t before = count_open_fds();
  send("READY=1");
  ASSERT_TRUE(receiver_->receive([](Delivery& delivery) {
    ASSERT_TRUE(delivery.pidfd);
    EXPECT_EQ(::syscall(SYS_pidfd_send_signal, delivery.pidfd.get(), 0, nullptr, 0), 0);
  }));
  EXPECT_EQ(count_open_fds(), before);
}

TEST_F(NotifyReceiverTest, AllocatesNothingForADatagram) {
  for (const std::string_view data : {"READY=1\nSTATUS=up\nX_ACME=1", "FDSTORE=1\nFDNAME=x", "\n\n"})
    send(data, 2);
  send(std::string(wire::kDatagramLimit + 1, '\n'));
  std::size_t n_ready = 0, n_seen = 0;
  const std::size_t before = n_allocations;
  const auto count = receiver_->receive([&](Delivery& delivery) {
    ++n_seen;
    if (!delivery.lines) return;
    for (const std::string_view line : *delivery.lines) n_ready += classify(line).tag == Tag::kReady;
  });
  EXPECT_EQ(n_allocations, before);
  EXPECT_EQ(count.value_or(0), 4U);
  EXPECT_EQ(n_seen, 4U);
  EXPECT_EQ(n_ready, 1U);
}

TEST(NotifyReceiver, SaysWhyItCannotListen) {
  const auto receiver = NotifyReceiver::bind({"/nowhere/at/all/notify", false});
  ASSERT_FALSE(receiver);
  EXPECT_EQ(receiver.error().code, ENOENT);
}

}  // namespace
}  // namespace notifyspec::receiver
