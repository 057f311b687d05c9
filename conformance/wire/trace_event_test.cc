#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "wire/json_text.h"
#include "wire/trace.h"

namespace notifyspec::wire {
namespace {

using namespace std::string_literals;

struct Good {
  std::string line;
  Event event;
};

Event message(std::int64_t t_usec, Message body) {
  return {.t_usec = t_usec, .body = std::move(body)};
}

/// In the form in which they are written: each is read, and written back to the same bytes.
const std::vector<Good> kCanonical = {
    {R"({"t":0.000000,"kind":"message","data":"READY=1"})", message(0, {.data = "READY=1"})},
    {R"({"t":1.250000,"kind":"message","data":"READY=1\nSTATUS=\"up\"\\","pid":7,"uid":0,"gid":65534})",
     message(1250000, {.data = "READY=1\nSTATUS=\"up\"\\", .pid = 7, .uid = 0, .gid = 65534})},
    {R"({"t":0.000001,"kind":"message","data":"","fds":253,"truncated":true})",
     message(1, {.data = "", .fds = 253, .truncated = true})},
    {R"({"t":2.000000,"kind":"message","data_base64":"AP8="})", message(2000000, {.data = "\0\xff"s})},
    {"{\"t\":2.000000,\"kind\":\"message\",\"data\":\"STATUS=\xc3\xa4 \xf0\x9f\x98\x80\"}",
     message(2000000, {.data = "STATUS=\xc3\xa4 \xf0\x9f\x98\x80"})},
    {R"({"t":3.000000,"kind":"message","data":"A=\u0001\t"})", message(3000000, {.data = "A=\x01\t"})},
    {R"({"t":4.000000,"kind":"message","data":"READY=1","peer_cid":4294967295,"peer_port":1023,"socket_type":"seqpacket"})",
     message(4000000,
             {.data = "READY=1", .peer_cid = 4294967295, .peer_port = 1023, .socket_type = "seqpacket"})},
    {R"({"t":4.000000,"kind":"message","data":"","truncated":true,"peer_cid":4,"peer_port":1023,"socket_type":"stream","connection":0})",
     message(4000000, {.data = "",
                       .truncated = true,
                       .peer_cid = 4,
                       .peer_port = 1023,
                       .socket_type = "stream",
                       .connection = 0})},
    {R"({"t":5.000000,"kind":"action","action":"halt"})", {5000000, Action{"halt", {}}}},
    {R"({"t":5.000000,"kind":"action","action":"reboot","argument":""})", {5000000, Action{"reboot", ""}}},
    {R"({"t":6.000000,"kind":"phase","phase":"started"})", {6000000, Phase{PhaseName::kStarted}}},
    {R"({"t":6.000000,"kind":"phase","phase":"ready"})", {6000000, Phase{PhaseName::kReady}}},
    {R"({"t":6.000000,"kind":"phase","phase":"shutting-down"})", {6000000, Phase{PhaseName::kShuttingDown}}},
    {R"({"t":6.000000,"kind":"phase","phase":"gone"})", {6000000, Phase{PhaseName::kGone}}},
    {R"({"t":7.000000,"kind":"observation","subject":"process","value":"generator"})",
     {7000000, Observation{"process", "generator"}}},
};

/// In other forms that mean something, too.
const std::vector<Good> kTolerated = {
    {R"( { "kind" : "message" , "data" : "A=1" , "t" : 1 } )", message(1000000, {.data = "A=1"})},
    {R"({"t":1e-05,"kind":"message","data":"A=1"})", message(10, {.data = "A=1"})},
    {R"({"t":0.30000000000000004,"kind":"message","data":"A=1"})", message(300000, {.data = "A=1"})},
    {R"({"t":0,"kind":"message","data":"\u00e4\ud83d\ude00\/"})",
     message(0, {.data = "\xc3\xa4\xf0\x9f\x98\x80/"})},
    {R"({"t":0,"kind":"message","data_base64":"QT0x"})", message(0, {.data = "A=1"})},
    {R"({"t":0,"kind":"message","data":"A=1","fds":0})", message(0, {.data = "A=1"})},
};

struct Bad {
  std::string line;
  std::string reason;
};

const std::vector<Bad> kRefused = {
    {R"({"t":0,"kind":"message","data":"A=1","foo":1})", R"(unknown member "foo")"},
    {R"({"t":0,"kind":"message","data":"A=1","a\nb":1})", R"(unknown member "a\nb")"},
    {R"({"t":0,"kind":"message","data":"A=1","":1})", R"(unknown member "")"},
    {R"({"kind":"message","data":"A=1"})", R"(member "t" is missing)"},
    {R"({"t":0,"data":"A=1"})", R"(member "kind" is missing)"},
    {R"({"t":0,"kind":"message"})", R"(member "data" (or "data_base64") is missing)"},
    {R"({"t":0,"kind":"action"})", R"(member "action" is missing)"},
    {R"({"t":0,"kind":"phase"})", R"(member "phase" is missing)"},
    {R"({"t":0,"kind":"observation","value":""})", R"(member "subject" is missing)"},
    {R"({"t":0,"kind":"observation","subject":""})", R"(member "value" is missing)"},
    {R"({})", R"(member "t" is missing)"},
    {R"({"t":0,"kind":"message","data":"A=1","data":"A=1"})", R"(member "data" stands twice)"},
    {R"({"t":0,"t":0,"kind":"message","data":"A=1"})", R"(member "t" stands twice)"},
    {R"({"t":0,"kind":"message","data":"A=1","data_base64":"QT0x"})",
     R"(members "data" and "data_base64" exclude each other)"},
    {R"({"t":0,"kind":"message","data_base64":"QT0"})", R"(member "data_base64" is not base64)"},
    {R"({"t":0,"kind":"message","data":"","action":"halt"})",
     R"(member "action" does not belong to kind "message")"},
    {R"({"t":0,"kind":"message","data":"","connection":-1})",
     R"(member "connection" is not an integer from 0 on)"},
    {R"({"t":0,"kind":"action","action":"halt","connection":1})",
     R"(member "connection" does not belong to kind "action")"},
    {R"({"t":0,"kind":"action","action":"halt","pid":1})",
     R"(member "pid" does not belong to kind "action")"},
    {R"({"t":0,"kind":"phase","phase":"ready","data":""})",
     R"(member "data" does not belong to kind "phase")"},
    {R"({"t":0,"kind":"observation","subject":"","value":"","argument":""})",
     R"(member "argument" does not belong to kind "observation")"},
    {R"({"t":0,"kind":"datagram","data":""})", R"(kind "datagram" is not known)"},
    {R"({"t":0,"kind":"phase","phase":"Ready"})", R"(phase "Ready" is not known)"},
    {R"({"t":0,"kind":"message","data":"","socket_type":"raw"})", R"(socket type "raw" is not known)"},
    {R"({"t":"0","kind":"message","data":""})", R"(member "t" is not a number of seconds from 0 on)"},
    {R"({"t":-1,"kind":"message","data":""})", R"(member "t" is not a number of seconds from 0 on)"},
    {R"({"t":-0.5,"kind":"message","data":""})", R"(member "t" is not a number of seconds from 0 on)"},
    {R"({"t":1e300,"kind":"message","data":""})", R"(member "t" is not a number of seconds from 0 on)"},
    {R"({"t":null,"kind":"message","data":""})", R"(member "t" is not a number of seconds from 0 on)"},
    {R"({"t":0,"kind":1,"data":""})", R"(member "kind" is not a string)"},
    {R"({"t":0,"kind":"message","data":null})", R"(member "data" is not a string)"},
    {R"({"t":0,"kind":"message","data":["A=1"]})", R"(member "data" is not a string)"},
    {R"({"t":0,"kind":"message","data":{"A":"1"}})", R"(member "data" is not a string)"},
    {R"({"t":0,"kind":"message","data":"","pid":1.0})", R"(member "pid" is not an integer from 0 on)"},
    {R"({"t":0,"kind":"message","data":"","pid":-1})", R"(member "pid" is not an integer from 0 on)"},
    {R"({"t":0,"kind":"message","data":"","uid":"0"})", R"(member "uid" is not an integer from 0 on)"},
    {R"({"t":0,"kind":"message","data":"","fds":18446744073709551615})",
     R"(member "fds" is not an integer from 0 on)"},
    {R"({"t":0,"kind":"message","data":"","truncated":false})",
     R"(member "truncated" is not true (or absent))"},
    {R"({"t":0,"kind":"message","data":"","truncated":1})", R"(member "truncated" is not true (or absent))"},
    {R"({"t":0,"kind":"message","data":"","peer_cid":4294967296})",
     R"(member "peer_cid" is not an integer from 0 to 4294967295)"},
    {R"([])", "not a JSON object"},
    {R"("message")", "not a JSON object"},
    {R"(null)", "not a JSON object"},
    {R"(0)", "not a JSON object"},
};

TEST(TraceEvent, IsReadAndWrittenBackToTheSameBytes) {
  for (const auto& [line, event] : kCanonical) {
    Event seen;
    const auto result = parse_event(line, seen);
    ASSERT_TRUE(result) << line << ": " << result.error().reason;
    EXPECT_EQ(seen, event) << line;
    EXPECT_EQ(format_event(seen), line);
  }
}

TEST(TraceEvent, OrderSpacesAndEscapesOfJsonDoNotMatter) {
  for (const auto& [line, event] : kTolerated) {
    Event seen;
    const auto result = parse_event(line, seen);
    ASSERT_TRUE(result) << line << ": " << result.error().reason;
    EXPECT_EQ(seen, event) << line;
  }
}

TEST(TraceEvent, NothingOfTheLastLineIsLeftInTheNext) {
  for (const auto& [first, ignored] : kCanonical) {
    for (const auto& [second, event] : kCanonical) {
      Event seen;
      ASSERT_TRUE(parse_event(first, seen));
      ASSERT_TRUE(parse_event(second, seen));
      EXPECT_EQ(seen, event) << first << '\n' << second;
    }
  }
}

TEST(TraceEvent, WhatIsNotInTheFormatIsRefusedByName) {
  for (const auto& [line, reason] : kRefused) {
    Event event;
    const auto result = parse_event(line, event);
    ASSERT_FALSE(result) << line;
    EXPECT_EQ(result.error().reason, reason) << line;
  }
}

TEST(TraceEvent, WhatIsNotJsonIsRefusedWithTheByte) {
  struct Case {
    std::string line, start;
  };
  for (const auto& [line, start] : std::vector<Case>{
           {"", "not JSON, at byte 1: "},
           {R"({"t":x})", "not JSON, at byte 6: "},
           {R"({"t":0,"kind":"message","data":"A=1)", "not JSON, at byte 36: "},
           {R"({"t":0,"kind":"message","data":"A=1"} {})", "not JSON, at byte 39: "},
           {R"({"t":0,"kind":"message","data":"A=1"}x)", "not JSON, at byte 38: "},
           {R"({"t":0,"kind":"message","data":"A=1",})", "not JSON, at byte 38: "},
           {R"({"t":nan,"kind":"message","data":"A=1"})", "not JSON, at byte 7: "},
           {R"({"t":1e999,"kind":"message","data":"A=1"})", "not JSON, at byte 10: "},
           {"{\"t\":0,\"kind\":\"message\",\"data\":\"A=\xff\"}", "not JSON, at byte 35: "},
           {"{\"t\":0,\"kind\":\"message\",\"data\":\"A=\n\"}", "not JSON, at byte 35: "},
           {R"({"t":0,"kind":"message","data":"\ud800"})", "not JSON, at byte 39: "},
       }) {
    Event event;
    const auto result = parse_event(line, event);
    ASSERT_FALSE(result) << line;
    EXPECT_TRUE(result.error().reason.starts_with(start)) << line << '\n' << result.error().reason;
    EXPECT_EQ(result.error().reason.find("json.exception"), std::string::npos) << result.error().reason;
  }
}

/// Every line of the tables, and each with one byte changed, taken out or put in.
std::vector<std::string> damaged_lines() {
  std::vector<std::string> whole, lines;
  for (const auto& [line, ignored] : kCanonical) whole.push_back(line);
  for (const auto& [line, ignored] : kTolerated) whole.push_back(line);
  for (const auto& [line, ignored] : kRefused) whole.push_back(line);
  const std::string bytes = "\"\\{}[]:,. 0t-eux\n\x80\xc3"s + '\0';
  for (const std::string& line : whole) {
    lines.push_back(line);
    for (std::size_t i = 0; i < line.size(); ++i) {
      lines.push_back(line.substr(0, i) + line.substr(i + 1));
      for (const char byte : bytes) {
        lines.push_back(line.substr(0, i) + byte + line.substr(i + 1));
        lines.push_back(line.substr(0, i) + byte + line.substr(i));
      }
    }
  }
  return lines;
}

TEST(TraceEvent, FastAndPlainReadersAgreeOnDamagedLines) {
  std::size_t n_good = 0;
  for (const std::string& line : damaged_lines()) {
    Event fast, plain;
    const auto fast_result = parse_event(line, fast);
    const auto plain_result = parse_event_by_library(line, plain);
    ASSERT_EQ(fast_result.has_value(), plain_result.has_value()) << line;
    if (fast_result) {
      ASSERT_EQ(fast, plain) << line;
      ++n_good;
    } else {
      ASSERT_EQ(fast_result.error().reason, plain_result.error().reason) << line;
    }
  }
  EXPECT_GT(n_good, 1000U);
}

TEST(TraceEvent, EveryPrefixOfALineIsRefused) {
  for (const auto& [line, ignored] : kCanonical) {
    for (std::size_t length = 0; length < line.size(); ++length) {
      Event event;
      EXPECT_FALSE(parse_event(line.substr(0, length), event)) << line.substr(0, length);
    }
  }
}

TEST(TraceEvent, MicrosecondsPassThroughSecondsWithoutLoss) {
  std::vector<std::int64_t> usecs = {0, 1, 999999, 1000000, kLatestUsec - 1, kLatestUsec};
  for (std::int64_t usec = 1; usec < kLatestUsec; usec = usec * 7 / 3 + 1) usecs.push_back(usec);
  for (const std::int64_t usec : usecs) {
    const Event event = {.t_usec = usec, .body = Phase{}};
    Event seen;
    ASSERT_TRUE(parse_event(format_event(event), seen)) << usec;
    EXPECT_EQ(seen.t_usec, usec);
  }
}

TEST(TraceEvent, SecondsThatAreNoTimeGiveNothing) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double seconds : {-1e-9, -1.0, infinity, -infinity, std::nan(""), 3e9}) {
    EXPECT_FALSE(usec_of_seconds(seconds)) << seconds;
  }
  EXPECT_EQ(usec_of_seconds(-0.0), 0);
}

}  // namespace
}  // namespace notifyspec::wire
