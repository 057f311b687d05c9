#include "verdict/passage.h"

#include <gtest/gtest.h>

namespace notifyspec::verdict {
namespace {

std::vector<wire::Message> messages(std::initializer_list<const char*> data) {
  std::vector<wire::Message> out;
  for (const char* each : data) out.push_back({.data = each});
  return out;
}

Passage passage(std::initializer_list<const char*> in, std::initializer_list<const char*> out) {
  return compare(messages(in), messages(out));
}

std::vector<Fate> fates(const Passage& passage) {
  std::vector<Fate> out;
  for (const Passed& each : passage.in) out.push_back(each.fate);
  return out;
}

TEST(Passage, WhatComesOutAsItWentInIsWhole) {
  const Passage seen = passage({"STATUS=a", "READY=1\nSTATUS=b"}, {"STATUS=a", "READY=1\nSTATUS=b"});
  EXPECT_EQ(fates(seen), (std::vector{Fate::kWhole, Fate::kWhole}));
  EXPECT_TRUE(seen.added.empty());
  EXPECT_TRUE(seen.in_order);
}

TEST(Passage, WhatDoesNotComeOutIsDroppedAndWhatNobodySentIsAdded) {
  const Passage seen = passage({"STATUS=a", "READY=1"}, {"READY=1", "MAINPID=7"});
  EXPECT_EQ(fates(seen), (std::vector{Fate::kDropped, Fate::kWhole}));
  EXPECT_EQ(seen.added, std::vector<std::string>{"MAINPID=7"});
}

TEST(Passage, AMessageThatLosesOrGainsALineIsRewritten) {
  EXPECT_EQ(fates(passage({"READY=1\nX_A=1"}, {"READY=1"})), std::vector{Fate::kRewritten});
  const Passage gained = passage({"READY=1"}, {"READY=1\nSTATUS=up"});
  EXPECT_EQ(fates(gained), std::vector{Fate::kRewritten});
  EXPECT_EQ(gained.added, std::vector<std::string>{"STATUS=up"});
  EXPECT_EQ(fates(passage({"READY=1"}, {"READY=1\n"})), std::vector{Fate::kRewritten});
}

TEST(Passage, TwoMessagesInOneAreMerged) {
  EXPECT_EQ(fates(passage({"STATUS=a", "READY=1"}, {"STATUS=a\nREADY=1"})),
            (std::vector{Fate::kMerged, Fate::kMerged}));
}

TEST(Passage, WhatOvertakesIsOutOfOrder) {
  EXPECT_FALSE(passage({"STATUS=a", "READY=1"}, {"READY=1", "STATUS=a"}).in_order);
}

TEST(Passage, OneMessageDoesNotCountTwice) {
  const Passage seen = passage({"READY=1", "READY=1"}, {"READY=1"});
  EXPECT_EQ(fates(seen), (std::vector{Fate::kWhole, Fate::kDropped}));
  EXPECT_EQ(passage({"READY=1"}, {"READY=1", "READY=1"}).added, std::vector<std::string>{"READY=1"});
}

TEST(Passage, AFieldComesThroughIsReplacedOrIsDropped) {
  const Passage seen = passage({"STATUS=a", "MAINPID=2", "READY=1"}, {"MAINPID=77", "READY=1"});
  ASSERT_EQ(seen.fields.size(), 3U);
  EXPECT_EQ(seen.fields[0].way, Way::kDropped);
  EXPECT_EQ(seen.fields[1].way, Way::kReplaced);
  EXPECT_EQ(seen.fields[1].became, "MAINPID=77");
  EXPECT_EQ(seen.fields[2].way, Way::kThrough);
  EXPECT_TRUE(seen.added.empty()) << "it stands in the place of another";
}

}  // namespace
}  // namespace notifyspec::verdict
