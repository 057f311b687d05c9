#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/trace.h"

namespace notifyspec::wire {
namespace {

const std::string kShortest =
    R"({"format":1,"transport":"unix-dgram","kernel":"6.12.0","recorded":"2026-08-01","t0_monotonic_usec":5})";

const std::string kFullest =
    R"({"format":1,"systemd":"262-1","vantage":"container","transport":"unix-dgram","distribution":"debian forky",)"
    R"("kernel":"6.12.0","machine":"qemu 7.2, tcg","scenario":"halt","recorded":"2026-08-01","t0_monotonic_usec":1234567890123,"manager_pid":42,)"
    R"("hostname":"box","machine_id":"0123456789abcdef0123456789abcdef",)"
    R"("targets":{"a.target":[],"b.target":["a.target"]},)"
    R"("transactions":[{"t":0.0,"cause":"boot","entered":["a.target"],"left":[]},)"
    R"({"t":1.000001,"cause":"halt","entered":[],"left":["a.target"],"after":{"b.target":["a.target"]}}],"planted":["a generator"],)"
    R"("masked":["systemd-udevd.service"]})";

/// kShortest with `members` at its end.
std::string with(const std::string& members) {
  return kShortest.substr(0, kShortest.size() - 1) + "," + members + "}";
}

/// kShortest without the member `name`.
std::string without(const std::string& name) {
  const std::size_t start = kShortest.find("\"" + name + "\"");
  const std::size_t end = kShortest.find_first_of(",}", start);
  std::string line = kShortest.substr(0, start) + kShortest.substr(end + (kShortest[end] == ',' ? 1 : 0));
  const std::size_t comma = line.find(",}");
  if (comma != std::string::npos) line.erase(comma, 1);
  return line;
}

TEST(TraceHeader, IsReadAndWrittenBackToTheSameBytes) {
  for (const std::string& line : {kShortest, kFullest}) {
    const auto header = parse_header(line);
    ASSERT_TRUE(header) << line << ": " << header.error().reason;
    EXPECT_EQ(format_header(*header), line);
  }
}

TEST(TraceHeader, MembersMeanWhatTheySay) {
  const TraceHeader header = parse_header(kFullest).value();
  EXPECT_EQ(header.systemd, "262-1");
  EXPECT_EQ(header.vantage, "container");
  EXPECT_EQ(header.t0_monotonic_usec, 1234567890123);
  EXPECT_EQ(header.manager_pid, 42);
  EXPECT_EQ(header.targets->at("b.target"), std::vector<std::string>{"a.target"});
  ASSERT_EQ(header.transactions->size(), 2U);
  EXPECT_EQ(header.transactions->at(1),
            (Transaction{1000001, "halt", {}, {"a.target"}, {{{"b.target", {"a.target"}}}}}));
  EXPECT_EQ(header.planted, std::vector<std::string>{"a generator"});
  EXPECT_EQ(parse_header(kShortest)->transactions, std::nullopt);
}

struct Bad {
  std::string line;
  std::string reason;
};

const std::vector<Bad> kRefused = {
    {with(R"("foo":1)"), R"(unknown member "foo")"},
    {R"({"format":2,"shape":1})", "format 2 is not known (this suite reads format 1)"},
    {R"({"format":-1})", "format -1 is not known (this suite reads format 1)"},
    {R"({"format":"1"})", R"(member "format" is not an integer)"},
    {R"({"format":1.0})", R"(member "format" is not an integer)"},
    {without("format"), R"(member "format" is missing)"},
    {without("transport"), R"(member "transport" is missing)"},
    {without("kernel"), R"(member "kernel" is missing)"},
    {without("recorded"), R"(member "recorded" is missing)"},
    {without("t0_monotonic_usec"), R"(member "t0_monotonic_usec" is missing)"},
    {with(R"("format":1)"), R"(member "format" stands twice)"},
    {with(R"("targets":{"a.target":[],"a.target":[]})"), R"(member "a.target" stands twice)"},
    {with(R"("systemd":262)"), R"(member "systemd" is not a string)"},
    {with(R"("vantage":"host")"), R"(vantage "host" is not known)"},
    {R"({"format":1,"transport":"udp"})", R"(transport "udp" is not known)"},
    {R"({"format":1,"recorded":"today"})", R"(member "recorded" is not a date, YYYY-MM-DD)"},
    {R"({"format":1,"recorded":"2026-08-01T00:00"})", R"(member "recorded" is not a date, YYYY-MM-DD)"},
    {R"({"format":1,"t0_monotonic_usec":-1})", R"(member "t0_monotonic_usec" is not an integer from 0 on)"},
    {R"({"format":1,"t0_monotonic_usec":1.5})", R"(member "t0_monotonic_usec" is not an integer from 0 on)"},
    {R"({"format":1,"t0_monotonic_usec":18446744073709551615})",
     R"(member "t0_monotonic_usec" is not an integer from 0 on)"},
    {with(R"("manager_pid":"1")"), R"(member "manager_pid" is not an integer from 0 on)"},
    {with(R"("hostname":null)"), R"(member "hostname" is not a string)"},
    {with(R"("targets":[])"), R"(member "targets" is not an object of arrays)"},
    {with(R"("targets":{"a.target":"b.target"})"), R"(member "a.target" is not an array of strings)"},
    {with(R"("planted":[1])"), R"(member "planted" is not an array of strings)"},
    {with(R"("masked":"all")"), R"(member "masked" is not an array of strings)"},
    {with(R"("machine":[])"), R"(member "machine" is not a string)"},
    {with(R"("transactions":{})"), R"(member "transactions" is not an array)"},
    {with(R"("transactions":[1])"), "a transaction is not an object"},
    {with(R"("transactions":[{"t":0,"cause":"boot","entered":[]}])"),
     R"(member "left" of a transaction is missing)"},
    {with(R"("transactions":[{"t":-1}])"),
     R"(member "t" of a transaction is not a number of seconds from 0 on)"},
    {with(R"("transactions":[{"t":"0"}])"),
     R"(member "t" of a transaction is not a number of seconds from 0 on)"},
    {with(R"("transactions":[{"why":0}])"), R"(unknown member "why" of a transaction)"},
    {R"({"t":0,"kind":"message","data":"READY=1"})", "an event stands where the header is expected"},
    {"[]", "not a JSON object"},
    {"1", "not a JSON object"},
};

TEST(TraceHeader, WhatIsNotInTheFormatIsRefusedByName) {
  for (const auto& [line, reason] : kRefused) {
    const auto header = parse_header(line);
    ASSERT_FALSE(header) << line;
    EXPECT_EQ(header.error().reason, reason) << line;
  }
}

TEST(TraceHeader, WhatIsNotJsonIsRefusedWithTheByte) {
  for (const std::string& line : {std::string(), std::string("{"), kShortest + "}",
                                  std::string(R"({"format":1e999})"), std::string("{\"format\":\xff}")}) {
    const auto header = parse_header(line);
    ASSERT_FALSE(header) << line;
    EXPECT_TRUE(header.error().reason.starts_with("not JSON, at byte ") ||
                header.error().reason == "a number is too large")
        << header.error().reason;
  }
}

TEST(TraceHeader, EveryPrefixIsRefused) {
  for (std::size_t length = 0; length < kFullest.size(); ++length) {
    EXPECT_FALSE(parse_header(kFullest.substr(0, length))) << kFullest.substr(0, length);
  }
}

}  // namespace
}  // namespace notifyspec::wire
