#include "field/field.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace notifyspec::field {
namespace {

TEST(FieldTable, NamesEachFieldOnce) {
  std::set<std::string_view> names;
  for (const Field& field : fields()) EXPECT_TRUE(names.insert(field.name).second) << field.name;
}

TEST(FieldTable, SaysForEachFieldWhereItIsDocumented) {
  for (const Field& field : fields()) {
    EXPECT_FALSE(field.source.empty()) << field.name;
    EXPECT_FALSE(field.meaning.empty()) << field.name;
    EXPECT_NE(name(field.type), "unknown") << field.name;
    EXPECT_NE(name(field.direction), "unknown") << field.name;
  }
}

TEST(FieldTable, FindsByExactName) {
  for (const Field& field : fields()) EXPECT_EQ(find(field.name), &field);
}

TEST(FieldTable, KnowsNoLookAlikes) {
  for (const char* wanted : {"", "ready", "READY ", " READY", "X_READY", "READY=1", "X_SYSTEMD_", "READ"})
    EXPECT_EQ(find(wanted), nullptr) << '"' << wanted << '"';
}

TEST(FieldTable, ExtensionFieldsGoUpTheStack) {
  for (const Field& field : fields())
    if (field.name.starts_with("X_SYSTEMD_")) {
      EXPECT_EQ(field.direction, Direction::kUp) << field.name;
    }
}

TEST(FieldTable, HasAWordForWhatIsInNoTable) {
  EXPECT_EQ(name(static_cast<ValueType>(99)), "unknown");
  EXPECT_EQ(name(static_cast<Direction>(99)), "unknown");
}

}  // namespace
}  // namespace notifyspec::field
