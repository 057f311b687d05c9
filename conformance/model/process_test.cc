#include "model/process.h"

#include <gtest/gtest.h>

namespace notifyspec::model {
namespace {

TEST(Role, HasANameAndIsFoundByIt) {
  for (const Role role : {Role::kMain, Role::kChild, Role::kOtherUid, Role::kStranger})
    EXPECT_EQ(find_role(name(role)), role);
  EXPECT_EQ(find_role("aunt"), std::nullopt);
}

TEST(Processes, AreFoundByPidAndByRole) {
  const Processes processes({{7, Role::kMain, {}}, {8, Role::kStranger, 9}});
  EXPECT_EQ(processes.find(8)->pidfd_id, 9U);
  EXPECT_EQ(processes.find(9), nullptr);
  EXPECT_EQ(processes.pid_of(Role::kMain), 7);
  EXPECT_EQ(processes.pid_of(Role::kChild), std::nullopt);
}

}  // namespace
}  // namespace notifyspec::model
