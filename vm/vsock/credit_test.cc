#include "vsock/credit.h"

#include <gtest/gtest.h>

namespace notifyspec::vsock {
namespace {

TEST(Credit, RunsPastTwoToThe32) {
  // 1 GiB at a time, five times round.
  constexpr std::uint32_t kMuch = 1U << 30;
  Credit credit(kMuch);
  credit.hear(kMuch, 0);
  for (std::uint32_t i = 1; i <= 20; ++i) {
    EXPECT_TRUE(credit.take(kMuch));
    EXPECT_FALSE(credit.take(1));
    EXPECT_EQ(credit.held(), kMuch);
    credit.pass_on(kMuch);
    EXPECT_TRUE(credit.update_due());
    EXPECT_EQ(credit.tell_passed_on(), i * kMuch);
    EXPECT_FALSE(credit.update_due());

    EXPECT_EQ(credit.room(), kMuch);
    credit.send(kMuch);
    EXPECT_EQ(credit.room(), 0U);
    credit.hear(kMuch, i * kMuch);
  }
}

TEST(Credit, BearsAPeerThatShrinksItsBuffer) {
  Credit credit(100);
  credit.hear(100, 0);
  credit.send(80);
  credit.hear(50, 0);
  EXPECT_EQ(credit.room(), 0U);
  credit.hear(79, 0);  // one byte less than is under way
  EXPECT_EQ(credit.room(), 0U);
  credit.hear(50, 40);
  EXPECT_EQ(credit.room(), 10U);
  credit.hear(0xffffffff, 80);
  EXPECT_EQ(credit.room(), 0xffffffff);
}

TEST(Credit, RefusesALengthThatWouldOverflow) {
  Credit credit(100);
  EXPECT_TRUE(credit.take(60));
  EXPECT_FALSE(credit.take(0xffffffff));
  EXPECT_FALSE(credit.take(41));
  EXPECT_TRUE(credit.take(40));
  EXPECT_TRUE(credit.take(0));
}

}  // namespace
}  // namespace notifyspec::vsock
