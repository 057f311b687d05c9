#include "receiver/line_ends.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "receiver/lines.h"
#include "wire/assignment.h"

namespace notifyspec::receiver {
namespace {

/// What wire makes of `datagram`, which is the reference.
std::expected<std::vector<std::string>, wire::DatagramFault> plainly(std::string_view datagram) {
  const auto payload = wire::payload(datagram);
  if (!payload) return std::unexpected(payload.error());
  std::vector<std::string> lines;
  for (const wire::Assignment& line : wire::split_assignments(*payload)) lines.emplace_back(line.line);
  return lines;
}

std::expected<std::vector<std::string>, wire::DatagramFault> split(const LineEndFinder& finder,
                                                                   std::string_view datagram, char behind) {
  std::string room(datagram);
  room.resize(datagram.size() + kPadding, behind);
  Splitter splitter(finder);
  const auto lines = splitter.split({std::string_view(room).substr(0, datagram.size())});
  if (!lines) return std::unexpected(lines.error());
  std::vector<std::string> all;
  for (const std::string_view line : *lines) all.emplace_back(line);
  return all;
}

void expect_as_plainly(std::string_view datagram) {
  for (const LineEndFinder& finder : line_end_finders())
    for (const char behind : {'\0', '\n', 'x'})
      ASSERT_EQ(split(finder, datagram, behind), plainly(datagram))
          << finder.name << " of " << datagram.size();
}

TEST(LineEnds, AreThoseOfTheReferenceForEveryShortPayload) {
  // Every payload of up to six bytes over the bytes that matter.
  constexpr std::string_view kBytes{"a\n\0=", 4};
  for (std::size_t size = 0; size <= 6; ++size) {
    for (std::size_t number = 0; number < std::size_t{1} << (2 * size); ++number) {
      std::string payload(size, '\0');
      for (std::size_t i = 0; i < size; ++i) payload[i] = kBytes[number >> (2 * i) & 3U];
      expect_as_plainly(payload);
    }
  }
}

TEST(LineEnds, AreFoundAtEveryPlaceOfEveryLength) {
  for (const std::size_t size : {31U, 32U, 33U, 63U, 64U, 65U, 127U, 128U, 129U, 255U, 256U, 300U}) {
    for (std::size_t place = 0; place < size; ++place) {
      for (const char found : {'\n', '\0', '\t', '\x0B', '\x80', '\xFF'}) {
        std::string payload(size, 'a');
        payload[place] = found;
        expect_as_plainly(payload);
      }
    }
  }
}

TEST(LineEnds, AreThoseOfTheReferenceUpToTheLimitAndBeyond) {
  for (const std::size_t size : {4095U, 4096U, 4097U}) {
    expect_as_plainly(std::string(size, 'a'));
    expect_as_plainly(std::string(size, '\n'));
    expect_as_plainly(std::string(size - 1, 'a') + '\0');
    expect_as_plainly(std::string(size - 2, 'a') + "\0a");
  }
}

TEST(LineEnds, AreThoseOfTheReferenceWhateverTheDensity) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string payload(random() % 1500, 'a');
    const auto every = 1 + random() % 200;
    for (char& byte : payload)
      if (random() % every == 0) byte = random() % 50 == 0 ? '\0' : '\n';
    expect_as_plainly(payload);
  }
}

TEST(LineEnds, HaveAFinderThatRunsEverywhere) {
  ASSERT_FALSE(line_end_finders().empty());
  EXPECT_EQ(line_end_finders().back().name, "memchr");
}

#if defined(__x86_64__)
TEST(LineEnds, AreFoundWithAvx2WhereTheKernelSaysThatTheCpuHasIt) {
  std::ifstream cpus("/proc/cpuinfo");
  std::set<std::string> flags;
  for (std::string line; std::getline(cpus, line);)
    if (line.starts_with("flags")) {
      std::istringstream words(line);
      flags.insert(std::istream_iterator<std::string>(words), {});
    }
  ASSERT_TRUE(flags.contains("sse2"));
  const bool is_there = flags.contains("avx2") && flags.contains("bmi1") && flags.contains("bmi2");
  EXPECT_EQ(line_end_finders().front().name, is_there ? "avx2" : "memchr");
}
#endif

}  // namespace
}  // namespace notifyspec::receiver
