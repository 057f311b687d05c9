#include "model/notify_access.h"

#include <gtest/gtest.h>

namespace notifyspec::model {
namespace {

TEST(NotifyAccess, HasANameAndIsFoundByIt) {
  using enum NotifyAccess;
  for (const NotifyAccess access : {kNone, kMain, kExec, kAll})
    EXPECT_EQ(find_notify_access(name(access)), access);
  EXPECT_EQ(find_notify_access("ALL"), std::nullopt);
}

}  // namespace
}  // namespace notifyspec::model
