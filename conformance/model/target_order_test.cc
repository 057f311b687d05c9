#include "model/target_order.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace notifyspec::model {
namespace {

using After = std::map<std::string, std::vector<std::string>>;

TEST(TargetOrder, KnowsWhatFollowsAndWhatPrecedes) {
  TargetOrder order(
      {{"multi-user.target", {"basic.target", "sysinit.target"}}, {"basic.target", {"sysinit.target"}}});
  const auto sysinit = order.number("sysinit.target");
  const auto basic = order.number("basic.target");
  const auto multi_user = order.number("multi-user.target");
  EXPECT_TRUE(order.followers(*sysinit).contains(*basic));
  EXPECT_TRUE(order.followers(*sysinit).contains(*multi_user));
  EXPECT_FALSE(order.followers(*multi_user).contains(*sysinit));
  EXPECT_TRUE(order.predecessors(*multi_user).contains(*basic));
}

TEST(TargetOrder, OrdersNeitherOfTwoThatAreEachAfterTheOther) {
  TargetOrder order(After{{"a.target", {"b.target"}}, {"b.target", {"a.target"}}});
  EXPECT_FALSE(order.followers(*order.number("a.target")).contains(*order.number("b.target")));
  EXPECT_FALSE(order.followers(*order.number("b.target")).contains(*order.number("a.target")));
}

TEST(TargetOrder, GivesNumbersToStrangersUpToItsLimit) {
  TargetOrder order(After{{"a.target", {"a.target"}}});
  for (std::size_t i = 1; i < TargetOrder::kMostUnits; ++i)
    ASSERT_TRUE(order.number(std::to_string(i) + ".target")) << i;
  EXPECT_FALSE(order.number("one-too-many.target"));
  EXPECT_TRUE(order.number("a.target"));
}

TEST(UnitSet, HoldsWhatWasInsertedAcrossWords) {
  UnitSet set, other;
  for (const std::size_t unit : {0U, 63U, 64U, 4095U}) {
    EXPECT_FALSE(set.contains(unit));
    set.insert(unit);
    EXPECT_TRUE(set.contains(unit));
  }
  other.insert(64);
  EXPECT_EQ(set.first_common(other), 64U);
  set.erase(64);
  EXPECT_EQ(set.first_common(other), std::nullopt);
}

TEST(UnitSet, MayBeAskedForWhatItNeverHeld) {
  UnitSet set;
  set.erase(64);
  EXPECT_FALSE(set.contains(64));
}

}  // namespace
}  // namespace notifyspec::model
