#include "model/profile.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace notifyspec::model {
namespace {

TEST(Profile, IsFoundByName) {
  for (const std::string_view name : profile_names()) {
    const auto profile = find_profile(name);
    ASSERT_TRUE(profile) << name;
    EXPECT_EQ(profile->name, name);
  }
  EXPECT_EQ(find_profile("systemd-253"), std::nullopt);
  EXPECT_EQ(find_profile(""), std::nullopt);
}

TEST(Profile, DiffersFromEachOther) {
  std::set<unsigned long long> seen;
  for (const std::string_view name : profile_names()) seen.insert(find_profile(name)->answers.to_ullong());
  EXPECT_EQ(seen.size(), profile_names().size());
}

TEST(Quirk, HasAStoryAndIsNotTheSameForAll) {
  std::set<std::string_view> names;
  for (const QuirkRow& row : quirks()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.meaning.empty()) << row.name;
    EXPECT_FALSE(row.reason.empty()) << row.name;
    std::set<bool> answers;
    for (const std::string_view name : profile_names()) answers.insert(find_profile(name)->has(row.quirk));
    EXPECT_EQ(answers.size(), 2U) << row.name << " tells no profile from another";
  }
}

}  // namespace
}  // namespace notifyspec::model
