#include "wire/datagram.h"

#include <gtest/gtest.h>

#include <string>

namespace notifyspec::wire {
namespace {

using namespace std::string_view_literals;

TEST(Datagram, PayloadIsTheDatagramWithoutOneTrailingNul) {
  struct Case {
    std::string_view datagram, payload;
  };
  for (const auto& [datagram, expected] : {
           Case{"READY=1", "READY=1"},
           Case{"READY=1\n", "READY=1\n"},
           Case{"READY=1\0"sv, "READY=1"},
           Case{"", ""},
           Case{"\0"sv, ""},
           Case{"\n\n", "\n\n"},
           Case{"STATUS=\xff\xfe", "STATUS=\xff\xfe"},
       }) {
    const auto seen = payload(datagram);
    ASSERT_TRUE(seen) << testing::PrintToString(datagram);
    EXPECT_EQ(*seen, expected) << testing::PrintToString(datagram);
  }
}

TEST(Datagram, AnyOtherNulFaultsTheWholeDatagram) {
  for (const auto datagram : {"READY=1\0\0"sv, "READY\0=1"sv, "\0READY=1"sv, "\0\0"sv, "A=1\0\nB=2\0"sv}) {
    const auto seen = payload(datagram);
    ASSERT_FALSE(seen) << testing::PrintToString(datagram);
    EXPECT_EQ(seen.error(), DatagramFault::kEmbeddedNul);
  }
}

TEST(Datagram, TheLimitCountsEveryByteTheTrailingNulToo) {
  const std::string longest(kDatagramLimit, 'x');
  EXPECT_EQ(payload(longest), std::string_view(longest));
  EXPECT_EQ(payload(longest + "x").error(), DatagramFault::kTooLong);
  EXPECT_EQ(payload(longest + '\0').error(), DatagramFault::kTooLong);
}

TEST(Datagram, TooLongIsReportedBeforeAnEmbeddedNul) {
  EXPECT_EQ(payload(std::string(kDatagramLimit + 1, '\0')).error(), DatagramFault::kTooLong);
}

TEST(Datagram, FaultsHaveNames) {
  EXPECT_EQ(name(DatagramFault::kTooLong), "too-long");
  EXPECT_EQ(name(DatagramFault::kEmbeddedNul), "embedded-nul");
}

TEST(Datagram, AFaultThatNobodyKnowsHasAWordToo) {
  EXPECT_EQ(name(static_cast<DatagramFault>(9)), "unknown-fault");
}

}  // namespace
}  // namespace notifyspec::wire
