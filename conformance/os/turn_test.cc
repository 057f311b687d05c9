#include "os/turn.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <future>

namespace notifyspec::os {
namespace {

class Turn : public testing::Test {
 protected:
  ~Turn() override { std::filesystem::remove(path_); }

  /// Whether somebody has the turn.
  bool is_taken() const {
    const UniqueFd own(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    return ::flock(own.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  }

  std::string path_ = testing::TempDir() + "/turn-" + std::to_string(::getpid());
};

TEST_F(Turn, LastsAsLongAsItsFd) {
  auto turn = wait_for_turn(path_);
  ASSERT_TRUE(turn) << turn.error().reason;
  EXPECT_TRUE(is_taken());
  *turn = UniqueFd();
  EXPECT_FALSE(is_taken());
}

TEST_F(Turn, IsGivenOnToWhoWaits) {
  auto first = wait_for_turn(path_);
  ASSERT_TRUE(first);
  auto next = std::async(std::launch::async, [&] { return wait_for_turn(path_); });
  EXPECT_TRUE(is_taken());
  *first = UniqueFd();
  const auto got = next.get();
  ASSERT_TRUE(got) << got.error().reason;
  EXPECT_TRUE(is_taken());
}

TEST_F(Turn, IsNoQuestionWhereNobodyShares) {
  const auto turn = wait_for_turn("");
  ASSERT_TRUE(turn);
  EXPECT_FALSE(*turn);
}

TEST_F(Turn, NeedsAFileThatCanBeMade) {
  const auto turn = wait_for_turn("/nonexistent/turn");
  ASSERT_FALSE(turn);
  EXPECT_EQ(turn.error().code, ENOENT);
  EXPECT_TRUE(turn.error().reason.contains("/nonexistent/turn")) << turn.error().reason;
}

}  // namespace
}  // namespace notifyspec::os
