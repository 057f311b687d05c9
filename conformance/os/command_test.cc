#include "os/command.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace notifyspec::os {
namespace {

int run(const std::string& script) {
  const std::array<std::string, 3> words = {"sh", "-c", script};
  const auto status = run_command(words);
  EXPECT_TRUE(status) << status.error().reason;
  return status.value_or(-2);
}

TEST(Command, EndsWithItsExitStatus) {
  EXPECT_EQ(run("exit 0"), 0);
  EXPECT_EQ(run("exit 7"), 7);
}

TEST(Command, FindsNoNotifySocketAndAllElse) {
  ::setenv("NOTIFY_SOCKET", "/nonexistent", 1);
  ::setenv("NOTIFY_SOCKETS", "kept", 1);
  EXPECT_EQ(run("[ -z \"${NOTIFY_SOCKET+set}\" ] && [ \"$NOTIFY_SOCKETS\" = kept ]"), 0);
  EXPECT_STREQ(::getenv("NOTIFY_SOCKET"), "/nonexistent");
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("NOTIFY_SOCKETS");
}

TEST(Command, DoesNotInheritWhatWeIgnoreAndBlock) {
  struct sigaction before;
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGTERM, &ignore, &before);
  sigset_t hangup;
  sigset_t mask;
  sigemptyset(&hangup);
  sigaddset(&hangup, SIGHUP);
  ::sigprocmask(SIG_BLOCK, &hangup, &mask);
  EXPECT_EQ(run("kill -TERM $$; exit 3"), -1);
  EXPECT_EQ(run("kill -HUP $$; exit 3"), -1);
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(SIGTERM, &before, nullptr);
}

TEST(Command, ReadsNothingOfOurs) {
  EXPECT_EQ(run("read -r line"), 1);
}

TEST(Command, ThatIsNotThereIsAnErrorWithItsName) {
  const std::array<std::string, 1> words = {"notifyspec-no-such-command"};
  const auto status = run_command(words);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ENOENT);
  EXPECT_TRUE(status.error().reason.contains(words[0])) << status.error().reason;
}

}  // namespace
}  // namespace notifyspec::os
