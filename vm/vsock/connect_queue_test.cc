#include "vsock/connect_queue.h"

#include <gtest/gtest.h>

namespace notifyspec::vsock {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(ConnectQueue, KeepsTheOrderAndNobodyTwice) {
  ConnectQueue queue;
  for (const ConnectionId id : {1, 2, 1, 3}) queue.join(id);
  EXPECT_EQ(queue.size(), 3U);
  queue.leave(2);
  queue.leave(4);
  EXPECT_EQ(queue.front(), 1U);
  queue.leave(1);
  EXPECT_EQ(queue.front(), 3U);
  queue.leave(3);
  EXPECT_TRUE(queue.empty());
  queue.leave(3);
}

TEST(ConnectQueue, TriesAgainAtGrowingIntervals) {
  ConnectQueue queue;
  queue.join(1);
  EXPECT_FALSE(queue.retry_at_usec());
  ASSERT_TRUE(queue.wait(kSecond));
  EXPECT_EQ(queue.retry_at_usec(), kSecond + 1000);
  ASSERT_TRUE(queue.wait(kSecond + 1000));
  EXPECT_EQ(queue.retry_at_usec(), kSecond + 3000);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(queue.wait(2 * kSecond));
  EXPECT_EQ(queue.retry_at_usec(), 2 * kSecond + 50'000);
  queue.tried();
  EXPECT_FALSE(queue.retry_at_usec());
}

TEST(ConnectQueue, HasPatienceAnewForEachWhoComesToTheFront) {
  ConnectQueue queue;
  for (const ConnectionId id : {1, 2, 3}) queue.join(id);
  ASSERT_TRUE(queue.wait(0));
  queue.leave(2);  // from behind: the first has waited no less for that
  EXPECT_TRUE(queue.wait(10 * kSecond - 1));
  EXPECT_FALSE(queue.wait(10 * kSecond));
  queue.leave(1);
  EXPECT_TRUE(queue.wait(10 * kSecond));
  EXPECT_FALSE(queue.wait(20 * kSecond));
}

}  // namespace
}  // namespace notifyspec::vsock
