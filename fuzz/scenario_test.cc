#include "scenario.h"

#include <gtest/gtest.h>

#include <random>

namespace notifyspec::fuzz {
namespace {

TEST(Scenario, IsReadAsItIsWrittenByAPerson) {
  const Scenario scenario = read_scenario(
      "STATUS=x\x1e"
      "cf3\x1f"
      "READY=1");
  ASSERT_EQ(scenario.size(), 2U);
  EXPECT_EQ(scenario[0], (Datagram{.bytes = "STATUS=x", .from = From::kChild, .n_fds = 3}));
  EXPECT_EQ(scenario[1], Datagram{.bytes = "READY=1"});
}

TEST(Scenario, HasEveryOption) {
  const Scenario scenario = read_scenario(
      "\x1e"
      "otdrf999g17\x1f");
  ASSERT_EQ(scenario.size(), 1U);
  EXPECT_EQ(scenario[0], (Datagram{.bytes = "",
                                   .from = From::kOtherUid,
                                   .n_fds = kMostFds,
                                   .truncated = true,
                                   .then_drain = true,
                                   .then_reload = true,
                                   .gap_usec = 17}));
}

TEST(Scenario, IsWhateverComes) {
  EXPECT_TRUE(read_scenario("").empty());
  EXPECT_EQ(read_scenario("\x1f\x1f").size(), 2U);
  EXPECT_EQ(read_scenario("a\x1e"
                          "f")
                .front()
                .n_fds,
            0U);
  EXPECT_EQ(read_scenario("a\x1e"
                          "f99999999999999999999")
                .front()
                .n_fds,
            kMostFds);
  EXPECT_EQ(read_scenario("a\x1e"
                          "x7?s")
                .front()
                .from,
            From::kStranger);
}

TEST(Scenario, IsWrittenInAFormThatReadsAsTheSame) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string input(random() % 40, '\0');
    constexpr std::string_view kBytes =
        "aR=\n\x1e\x1e\x1f\x1f"
        "cosftdrg0123";
    for (char& byte : input) byte = kBytes[random() % kBytes.size()];
    const Scenario scenario = read_scenario(input);
    ASSERT_EQ(read_scenario(write_scenario(scenario)), scenario) << input;
  }
}

}  // namespace
}  // namespace notifyspec::fuzz
