#include "vsock/outbox.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "vsock/inbox.h"
#include "vsock/pure_guest.h"

namespace notifyspec::vsock {
namespace {

TEST(Outbox, IsAStreamOrARowOfMessages) {
  Outbox stream(false), messages(true);
  for (Outbox* const box : {&stream, &messages}) {
    EXPECT_FALSE(box->front());
    box->append(as_payload("ab"), false);
    box->append(as_payload("c"), true);
    box->append(as_payload("d"), true);
    EXPECT_EQ(box->size(), 4U);
  }
  EXPECT_EQ(as_text(*stream.front()), "abcd");
  EXPECT_EQ(as_text(*messages.front()), "abc");
  messages.pop(3);
  EXPECT_EQ(as_text(*messages.front()), "d");
  EXPECT_EQ(messages.clear(), 1U);
  EXPECT_FALSE(messages.front());
}

TEST(Outbox, LosesNothingHoweverItIsTaken) {
  Outbox box(false);
  std::string put, taken;
  for (std::size_t i = 0; i < 2000; ++i) {
    const std::string piece(i % 97, static_cast<char>('a' + i % 26));
    put += piece;
    box.append(as_payload(piece), false);
    const auto front = box.front();
    if (!front) continue;
    const std::size_t count = std::min<std::size_t>(front->size(), i % 89 + 1);
    taken += as_text(front->first(count));
    box.pop(count);
  }
  if (const auto rest = box.front()) taken += as_text(*rest);
  EXPECT_EQ(taken, put);
}

TEST(Inbox, HoldsAnEmptyMessage) {
  Inbox box;
  EXPECT_FALSE(box.pending());
  box.fill({});
  EXPECT_TRUE(box.pending());
  EXPECT_EQ(box.give({}, 100), 0U);
  EXPECT_FALSE(box.pending());
}

TEST(Inbox, GivesNoMoreThanItMay) {
  Inbox box;
  box.fill(as_payload("0123456789"));
  std::array<std::byte, 4> room;
  EXPECT_EQ(box.give(room, 100), 4U);
  EXPECT_EQ(as_text(room), "0123");
  EXPECT_EQ(box.give(room, 1), 1U);
  EXPECT_EQ(box.give(room, 0), 0U);
  EXPECT_TRUE(box.pending());
  EXPECT_EQ(box.clear(), 5U);
  EXPECT_FALSE(box.pending());
}

}  // namespace
}  // namespace notifyspec::vsock
