#include "os/notifier.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "os/child_process.h"
#include "os/mailbox.h"
#include "os/null_fds.h"
#include "os/socket_address.h"

namespace notifyspec::os {
namespace {

/// A mailbox, and the variable that names it.
class NotifierTest : public testing::Test {
 protected:
  NotifierTest() {
    std::string pattern = testing::TempDir() + "notifier_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    listen({.name = folder_ / "notify"});
  }
  ~NotifierTest() override {
    ::unsetenv("NOTIFY_SOCKET");
    std::filesystem::remove_all(folder_);
  }

  void listen(const wire::UnixAddress& address) {
    mailbox_.emplace(Mailbox::bind(address).value());
    set(wire::format(wire::Address(address)));
  }
  static void set(const std::string& value) { ::setenv("NOTIFY_SOCKET", value.c_str(), 1); }
  static bool is_set() { return std::getenv("NOTIFY_SOCKET") != nullptr; }
  Letter next() { return std::move(*mailbox_->receive().value()); }
  bool is_empty() { return !mailbox_->receive().value().has_value(); }

  std::filesystem::path folder_;
  std::optional<Mailbox> mailbox_;
};

TEST_F(NotifierTest, BytesFdsAndCredentialsArriveInOneDatagram) {
  const auto fds = NullFds::open(kMaxFds).value();
  const std::string state("A=1\nB=\0\xff", 8);
  EXPECT_GT(notify({.state = state, .fds = fds.all()}), 0);
  const Letter letter = next();
  EXPECT_EQ(letter.data, state);
  EXPECT_EQ(letter.fds.size(), kMaxFds);
  EXPECT_EQ(letter.pid, getpid());
  EXPECT_FALSE(letter.truncated);
  EXPECT_TRUE(is_empty());
}

TEST_F(NotifierTest, AnAbstractNameMayHoldAsManyBytesAsTheAddress) {
  listen({.name = std::string(107, 'n'), .abstract = true});
  EXPECT_GT(notify({.state = "READY=1"}), 0);
  EXPECT_EQ(next().data, "READY=1");
}

TEST_F(NotifierTest, NothingIsSentWhereTheVariableIsNotSet) {
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_EQ(notify({.state = "READY=1"}), 0);
  EXPECT_EQ(notify_barrier(false, std::nullopt), 0);
  EXPECT_EQ(notify_reloading(false), 0);
  EXPECT_TRUE(is_empty());
}

TEST_F(NotifierTest, WhatIsRefusedIsTheErrnoAndTheVariableGoesAllTheSame) {
  for (const char* const value : {"", "notify", "@", "vsock:2", "unix:/run/notify"}) {
    set(value);
    EXPECT_EQ(notify({.state = "READY=1", .unset_environment = true}), -EINVAL) << value;
    EXPECT_FALSE(is_set());
  }
  set(folder_ / "nobody");
  EXPECT_EQ(notify({.state = "READY=1"}), -ENOENT);
  EXPECT_EQ(notify_barrier(false, std::nullopt), -ENOENT);
  EXPECT_TRUE(is_set());
}

TEST_F(NotifierTest, OneFdTooManySendsNothing) {
  const auto fds = NullFds::open(kMaxFds + 1).value();
  EXPECT_EQ(notify({.state = "FDSTORE=1", .fds = fds.all()}), -E2BIG);
  EXPECT_TRUE(is_empty());
}

TEST_F(NotifierTest, SpeaksForAnotherProcessWhereItMay) {
  const IdleProcess other;
  EXPECT_GT(notify({.state = "READY=1", .on_behalf_of = other.pid()}), 0);
  EXPECT_EQ(next().pid, geteuid() == 0 ? other.pid() : getpid());
}

TEST_F(NotifierTest, ABarrierWhoseFdIsHeldIsNoSuccess) {
  constexpr std::uint64_t kSomeUsec = 20'000;
  EXPECT_EQ(notify_barrier(false, kSomeUsec), -ETIMEDOUT);
  const Letter held = next();
  EXPECT_EQ(held.data, "BARRIER=1");
  EXPECT_EQ(held.fds.size(), 1U);
}

TEST_F(NotifierTest, AReloadBeginsWithTheTimeOfNow) {
  EXPECT_GT(notify_reloading(true), 0);
  EXPECT_TRUE(next().data.starts_with("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_FALSE(is_set());
}

}  // namespace
}  // namespace notifyspec::os
