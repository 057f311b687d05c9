#include "os/child_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

namespace notifyspec::os {
namespace {

TEST(ChildProcess, WhatItSaysComesBackHoweverLong) {
  const std::string long_word(1 << 20, 'x');
  EXPECT_EQ(in_child([&] { return long_word; }), long_word);
  EXPECT_EQ(in_child([] { return std::string(); }), "");
}

TEST(ChildProcess, ItsEnvironmentIsItsOwn) {
  ::unsetenv("NOTIFYSPEC_TEST");
  const auto seen = in_child([] {
    ::setenv("NOTIFYSPEC_TEST", "set", 1);
    return std::string(std::getenv("NOTIFYSPEC_TEST"));
  });
  EXPECT_EQ(seen, "set");
  EXPECT_EQ(std::getenv("NOTIFYSPEC_TEST"), nullptr);
}

TEST(ChildProcess, OneThatDiesIsAnErrorThatSaysOfWhat) {
  const auto killed = in_child([]() -> std::string {
    ::raise(SIGKILL);
    return "unheard";
  });
  ASSERT_FALSE(killed);
  EXPECT_NE(killed.error().reason.find("signal 9"), std::string::npos) << killed.error().reason;
  EXPECT_FALSE(in_child([]() -> std::string { ::_exit(3); }));
}

TEST(ChildProcess, AnIdleOneLivesAsLongAsItsObject) {
  pid_t pid = 0;
  {
    const IdleProcess idle;
    pid = idle.pid();
    ASSERT_GT(pid, 0);
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

}  // namespace
}  // namespace notifyspec::os
