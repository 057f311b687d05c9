#include "field/errno_name.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace notifyspec::field {
namespace {

TEST(ErrnoName, HasItsNumber) {
  EXPECT_EQ(errno_of("EPERM"), 1U);
  EXPECT_EQ(errno_of("ENOENT"), 2U);
  EXPECT_EQ(errno_of("EHWPOISON"), 133U);
}

TEST(ErrnoName, MayBeASecondOne) {
  EXPECT_EQ(errno_of("EWOULDBLOCK"), std::uint64_t{EAGAIN});
  EXPECT_EQ(errno_of("EAGAIN"), std::uint64_t{EAGAIN});
  EXPECT_EQ(errno_of("EDEADLOCK"), std::uint64_t{EDEADLK});
  EXPECT_EQ(errno_of("ENOTSUP"), std::uint64_t{EOPNOTSUPP});
  EXPECT_EQ(errno_of("EOPNOTSUPP"), std::uint64_t{EOPNOTSUPP});
}

TEST(ErrnoName, MayBeInLettersOfEitherCase) {
  EXPECT_EQ(errno_of("enoent"), 2U);
  EXPECT_EQ(errno_of("eNoEnT"), 2U);
  EXPECT_EQ(errno_of("ewouldblock"), std::uint64_t{EAGAIN});
}

TEST(ErrnoName, IsExactElse) {
  for (const std::string_view none :
       {"", "E", "ENOEN", "ENOENTX", "ENO\x05NT", "enoen", " ENOENT", "2", "NOENT"})
    EXPECT_EQ(errno_of(none), std::nullopt) << none;
}

}  // namespace
}  // namespace notifyspec::field
