#include "os/deputy.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "os/mailbox.h"
#include "os/watched_pipes.h"

namespace notifyspec::os {
namespace {

constexpr uid_t kNobody = 65534;

class DeputyTest : public testing::Test {
 protected:
  std::optional<Letter> next() const {
    auto letter = mailbox_.receive();
    return letter ? std::move(*letter) : std::nullopt;
  }

  wire::UnixAddress address_ = {.name = "notifyspec/deputy-test/" + std::to_string(::getpid()),
                                .abstract = true};
  SocketAddress to_ = to_socket_address(address_);
  Mailbox mailbox_ = Mailbox::bind(address_).value();
};

TEST_F(DeputyTest, SendsInItsOwnName) {
  auto deputy = Deputy::start({});
  ASSERT_TRUE(deputy) << deputy.error().reason;
  EXPECT_NE(deputy->pid(), ::getpid());
  ASSERT_TRUE(deputy->send(to_, std::string_view("READY=1\0", 8), {}, 0));
  const auto letter = next();
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->data, std::string("READY=1\0", 8));
  EXPECT_EQ(letter->pid, deputy->pid());
  EXPECT_EQ(letter->uid, ::getuid());
}

TEST_F(DeputyTest, GivesFdsAwayAndKeepsNone) {
  auto deputy = Deputy::start({});  // before the pipes: it keeps a copy of all that is open as it starts
  WatchedPipes pipes;
  auto ends = pipes.add(2);
  ASSERT_TRUE(ends && deputy);
  const std::array fds = {(*ends)[0].get(), (*ends)[1].get()};
  ASSERT_TRUE(deputy->send(to_, "", fds, 0));
  auto letter = next();
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->fds.size(), 2U);
  ends->clear();
  EXPECT_EQ(pipes.open(), 2U);
  letter->fds.clear();
  EXPECT_EQ(pipes.open(), 0U);
}

TEST_F(DeputyTest, IsAnotherUserWhereThatIsAllowed) {
  auto deputy = Deputy::start({.uid = kNobody, .cgroup = ""});
  if (::geteuid() != 0) {
    ASSERT_FALSE(deputy);
    EXPECT_EQ(deputy.error().code, EPERM);
    return;
  }
  ASSERT_TRUE(deputy) << deputy.error().reason;
  ASSERT_TRUE(deputy->send(to_, "a", {}, 0));
  EXPECT_EQ(next().value().uid, kNobody);
}

TEST_F(DeputyTest, CannotGoWhereNoCgroupIs) {
  const auto deputy = Deputy::start({.uid = {}, .cgroup = "/nonexistent"});
  ASSERT_FALSE(deputy);
  EXPECT_EQ(deputy.error().code, ENOENT);
}

TEST_F(DeputyTest, TellsWhatCannotBeSentAndGoesOn) {
  auto deputy = Deputy::start({});
  ASSERT_TRUE(deputy);
  const auto nobody = to_socket_address(wire::UnixAddress{.name = "notifyspec/nobody", .abstract = true});
  EXPECT_EQ(deputy->send(nobody, "a", {}, 0).error().code, ECONNREFUSED);
  constexpr std::size_t kTooLong = std::size_t{2} << 20;
  EXPECT_EQ(deputy->send(to_, std::string(kTooLong, 'x'), {}, 0).error().code, EMSGSIZE);
  EXPECT_TRUE(deputy->send(to_, "b", {}, 0));
  EXPECT_EQ(next().value().data, "b");
}

TEST_F(DeputyTest, ThatIsGoneIsNoticed) {
  auto deputy = Deputy::start({});
  ASSERT_TRUE(deputy);
  ::kill(deputy->pid(), SIGKILL);
  EXPECT_EQ(deputy->send(to_, "a", {}, 0).error().code, EPIPE);
}

TEST_F(DeputyTest, EndsWithItsMaster) {
  pid_t pid = -1;
  {
    auto deputy = Deputy::start({});
    ASSERT_TRUE(deputy);
    pid = deputy->pid();
    const Deputy moved = std::move(*deputy);
    EXPECT_EQ(moved.pid(), pid);
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace notifyspec::os
