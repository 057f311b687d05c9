#include "mutator.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "field/field.h"
#include "wire/assignment.h"

namespace notifyspec::fuzz {
namespace {

/// What `rounds` changes make of nothing.
Scenario grown(std::uint32_t seed, int rounds) {
  Mutator mutator(seed);
  Scenario scenario;
  for (int round = 0; round < rounds; ++round) mutator.mutate(scenario);
  return scenario;
}

TEST(Mutator, MakesTheSameOfTheSameSeedAndOtherThingsOfOthers) {
  EXPECT_EQ(grown(7, 200), grown(7, 200));
  EXPECT_NE(grown(7, 200), grown(8, 200));
}

TEST(Mutator, ReachesEveryFieldAndEveryOption) {
  std::set<std::string_view> names;
  std::set<From> senders;
  bool truncated = false, drained = false, reloaded = false, gap = false, too_many_fds = false;
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    for (const Datagram& each : grown(seed, 60)) {
      senders.insert(each.from);
      truncated |= each.truncated;
      drained |= each.then_drain;
      reloaded |= each.then_reload;
      gap |= each.gap_usec > 0;
      too_many_fds |= each.n_fds == kMostFds;
      for (const wire::Assignment& line : wire::split_assignments(each.bytes))
        if (const field::Field* field = field::find(line.name)) names.insert(field->name);
    }
  }
  EXPECT_EQ(names.size(), field::fields().size());
  EXPECT_EQ(senders.size(), kFromCount);
  EXPECT_TRUE(truncated && drained && reloaded && gap && too_many_fds);
}

TEST(Mutator, CrossesTwoIntoOneThatBeginsAsTheFirstAndEndsAsTheSecond) {
  const Scenario one = {{.bytes = "a"}, {.bytes = "b"}}, other = {{.bytes = "c"}, {.bytes = "d"}};
  std::set<std::string> seen;
  Mutator mutator(1);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (const Datagram& each : mutator.cross(one, other)) text += each.bytes;
    seen.insert(text);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"", "a", "ab", "d", "cd", "ad", "acd", "abd", "abcd"}));
}

TEST(Mutator, CrossesLinesOfTwoDatagrams) {
  std::set<std::string> seen;
  Mutator mutator(1);
  for (int round = 0; round < 200; ++round) seen.insert(mutator.cross_lines("a\nb", "c\nd"));
  EXPECT_EQ(seen, (std::set<std::string>{"", "a", "a\nb", "d", "c\nd", "a\nd", "a\nc\nd", "a\nb\nd",
                                         "a\nb\nc\nd"}));
}

TEST(Mutator, CrossesSendersAndFds) {
  const Datagram one = {.bytes = "a", .from = From::kChild, .n_fds = 1, .truncated = true};
  const Datagram other = {.bytes = "b", .from = From::kStranger, .n_fds = 2};
  std::set<std::tuple<From, std::size_t, bool>> seen;
  Mutator mutator(1);
  for (int round = 0; round < 200; ++round) {
    const Datagram crossed = mutator.cross(one, other);
    seen.emplace(crossed.from, crossed.n_fds, crossed.truncated);
  }
  EXPECT_EQ(seen.size(), 8U);
}

TEST(Mutator, WritesNoMoreThanThereIsRoomFor) {
  const Scenario scenario = grown(3, 300);
  for (std::size_t limit = 0; limit < 3000; limit += 7)
    ASSERT_LE(write_within(scenario, limit).size(), limit);
}

}  // namespace
}  // namespace notifyspec::fuzz
