#include "os/batch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "os/message.h"

namespace notifyspec::os {
namespace {

/// Two connected sockets: what is sent on one is received on the other.
class BatchTest : public testing::Test {
 protected:
  BatchTest() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    sender_ = UniqueFd(ends[0]);
    receiver_ = UniqueFd(ends[1]);
  }
  void send(std::string_view data) {
    ASSERT_EQ(send_message(sender_.get(), nullptr, data, {}), static_cast<ssize_t>(data.size()));
  }

  UniqueFd sender_, receiver_;
};

TEST_F(BatchTest, BringsWhatWaitsInOneCallAndInOrder) {
  Batch batch({.count = 4, .length = 16});
  EXPECT_EQ(batch.receive(receiver_.get(), 4).value(), 0U);
  for (const std::string_view data : {"one", "", "three"}) send(data);
  ASSERT_EQ(batch.receive(receiver_.get(), 4).value(), 3U);
  EXPECT_EQ(batch.bytes(0), "one");
  EXPECT_EQ(batch.bytes(1), "");
  EXPECT_EQ(batch.bytes(2), "three");
}

TEST_F(BatchTest, KeepsToItsLimitAndToItsCapacity) {
  Batch batch({.count = 2, .length = 16});
  for (const std::string_view data : {"one", "two", "three", "four"}) send(data);
  EXPECT_EQ(batch.receive(receiver_.get(), 0).value(), 0U);
  EXPECT_EQ(batch.receive(receiver_.get(), 1).value(), 1U);
  EXPECT_EQ(batch.receive(receiver_.get(), 9).value(), 2U);
  EXPECT_EQ(batch.bytes(1), "three");
  EXPECT_EQ(batch.receive(receiver_.get(), 9).value(), 1U);
}

TEST_F(BatchTest, SaysWhatWasTooLongAndIsReadyForTheNext) {
  Batch batch({.count = 1, .length = 4, .spare = 8});
  for (const std::string_view data : {"12345", "1234"}) send(data);
  ASSERT_EQ(batch.receive(receiver_.get(), 1).value(), 1U);
  EXPECT_EQ(batch.bytes(0), "1234");
  EXPECT_NE(batch.header(0).msg_flags & MSG_TRUNC, 0);
  ASSERT_EQ(batch.receive(receiver_.get(), 1).value(), 1U);
  EXPECT_EQ(batch.header(0).msg_flags & MSG_TRUNC, 0);
}

TEST_F(BatchTest, SaysWhyNothingCanBeReceived) {
  Batch batch({.count = 1, .length = 4});
  EXPECT_FALSE(batch.receive(-1, 1));
}

}  // namespace
}  // namespace notifyspec::os
