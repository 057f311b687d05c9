#include "verdict/conclusion.h"

#include <gtest/gtest.h>

namespace notifyspec::verdict {
namespace {

Conclusion receiver(std::string_view json) {
  JsonObject object = JsonObject::parse(json);
  return read_conclusion(object, "receiver");
}

Conclusion sender(std::string_view json) {
  JsonObject object = JsonObject::parse(json);
  return read_conclusion(object, "sender");
}

TEST(Conclusion, IsComparedByWhatTheExpectationNames) {
  const Conclusion defaults = receiver(R"({"state": "starting", "status": "", "errno": "0"})");
  const Conclusion seen = receiver(R"({"status": "up", "errno": "4"})");
  EXPECT_TRUE(differences(receiver(R"({"status": "up"})"), seen, defaults, {}).empty());
  EXPECT_TRUE(differences(receiver(R"({"state": "starting"})"), seen, defaults, {}).empty());
  const auto found =
      differences(receiver(R"({"state": "running", "status": "", "errno": "4"})"), seen, defaults, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].member, "state");
  EXPECT_EQ(found[0].expected, "\"running\"");
  EXPECT_EQ(found[0].seen, "\"starting\"");
  EXPECT_EQ(found[1].member, "status");
}

TEST(Conclusion, IsNotComparedWhereItCouldNotBeAsked) {
  const std::vector<std::string> unobserved = {"fd_names", "arrived"};
  EXPECT_TRUE(differences(receiver(R"({"fd_names": "a b"})"), {}, {}, unobserved).empty());
  EXPECT_TRUE(differences(sender(R"({"arrived": [{"data": "a"}]})"), {}, {}, unobserved).empty());
}

TEST(Conclusion, OfASenderIsComparedDatagramByDatagram) {
  const Conclusion expected = sender(
      R"({"arrived": [{"data": "RELOADING=1\nMONOTONIC_USEC=${usec}", "fds": "1", "from": "child"}],
          "returns": ["positive", "zero"], "environment": "set"})");
  EXPECT_TRUE(differences(expected,
                          sender(R"({"arrived": [{"data": "RELOADING=1\nMONOTONIC_USEC=12", "fds": "1",
                          "from": "child"}], "returns": ["positive", "zero"], "environment": "set"})"),
                          {}, {})
                  .empty());
  for (const char* other :
       {R"({"arrived": [{"data": "RELOADING=1\nMONOTONIC_USEC=", "fds": "1", "from": "child"}]})",
        R"({"arrived": [{"data": "RELOADING=1\nMONOTONIC_USEC=12", "from": "child"}]})",
        R"({"arrived": [{"data": "RELOADING=1\nMONOTONIC_USEC=12", "fds": "1"}]})", "{}"}) {
    const auto found = differences(expected, sender(other), {}, {});
    ASSERT_EQ(found.size(), 3U) << other;
    EXPECT_EQ(found[1].member, "arrived");
    EXPECT_EQ(found[2].expected, "positive, zero");
    EXPECT_EQ(found[2].seen, "nothing");
  }
}

TEST(Conclusion, IsDescribedForPeople) {
  EXPECT_EQ(describe(receiver("{}")), "all as it was");
  EXPECT_EQ(describe(receiver(R"({"status": "a\nb", "errno": "4"})")), "errno \"4\"; status \"a\\x0ab\"");
  EXPECT_EQ(describe(sender(R"({"arrived": [{"data": "a", "fds": "2", "from": "child"}, {"data": ""}]})")),
            "arrived \"a\" with 2 fds from child, \"\"");
  EXPECT_EQ(describe(sender(R"({"arrived": [], "returns": ["zero"]})")), "arrived nothing; returns zero");
}

TEST(Conclusion, RefusesWordsThatNoSenderHas) {
  for (const char* json : {R"({"returns": ["yes"]})", R"({"environment": "gone"})", R"({"state": "running"})",
                           R"({"arrived": [{"data": "a", "fds": "x"}]})", R"({"arrived": [{}]})"})
    EXPECT_THROW(sender(json), MemberRefused) << json;
}

TEST(Microseconds, StandForDigits) {
  EXPECT_TRUE(matches_usec("a", "a"));
  EXPECT_TRUE(matches_usec("${usec}", "0"));
  EXPECT_TRUE(matches_usec("a=${usec}\nb=${usec}", "a=1\nb=22"));
  EXPECT_FALSE(matches_usec("a=${usec}", "a="));
  EXPECT_FALSE(matches_usec("a=${usec}", "a=1b"));
  EXPECT_FALSE(matches_usec("a=${usec}", "b=1"));
  EXPECT_FALSE(matches_usec("a", "a1"));
}

}  // namespace
}  // namespace notifyspec::verdict
