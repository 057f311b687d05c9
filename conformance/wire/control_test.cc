#include "wire/control.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::wire {
namespace {

TEST(Control, EventsAreReadWithTheTimeThatTheyTell) {
  const auto observation = parse_control(
      R"({"kind":"observation","subject":"process","value":"generator","monotonic_usec":1234567890123})");
  ASSERT_TRUE(observation) << observation.error().reason;
  EXPECT_EQ(observation->monotonic_usec, 1234567890123);
  EXPECT_EQ(observation->event.body, (decltype(Event::body)(Observation{"process", "generator"})));

  const auto action = parse_control(R"({"kind": "action", "action": "reboot", "argument": "x"})");
  ASSERT_TRUE(action) << action.error().reason;
  EXPECT_EQ(action->monotonic_usec, std::nullopt);
  EXPECT_EQ(action->event.body, (decltype(Event::body)(Action{"reboot", "x"})));

  const auto aged = parse_control(R"({"kind":"phase","phase":"gone","age_usec":1500})");
  ASSERT_TRUE(aged) << aged.error().reason;
  EXPECT_EQ(aged->age_usec, 1500);
  EXPECT_EQ(aged->monotonic_usec, std::nullopt);

  EXPECT_TRUE(parse_control(R"({"kind":"phase","phase":"gone"})"));
}

TEST(Control, AnythingElseIsRefusedByName) {
  struct Bad {
    std::string datagram, reason;
  };
  for (const auto& [datagram, reason] : std::vector<Bad>{
           {R"({"kind":"action","action":"halt","t":0})", R"(unknown member "t")"},
           {R"({"kind":"message","data":"READY=1"})", R"(kind "message" is not known)"},
           {R"({"kind":"listening"})", R"(kind "listening" is not known)"},
           {R"({"kind":"phase","phase":"gone","monotonic_usec":-1})",
            R"(member "monotonic_usec" is not an integer from 0 on)"},
           {R"({"kind":"phase","phase":"gone","monotonic_usec":1.5})",
            R"(member "monotonic_usec" is not an integer from 0 on)"},
           {R"({"kind":"phase","phase":"gone","monotonic_usec":1,"monotonic_usec":1})",
            R"(member "monotonic_usec" stands twice)"},
           {R"({"kind":"phase","phase":"gone","monotonic_usec":1,"age_usec":1})",
            R"(members "monotonic_usec" and "age_usec" exclude each other)"},
           {R"({"kind":"phase","phase":"gone","age_usec":-1})",
            R"(member "age_usec" is not an integer from 0 on)"},
           {R"({"kind":"phase"})", R"(member "phase" is missing)"},
           {R"({"phase":"gone"})", R"(member "kind" is missing)"},
           {R"([])", "not a JSON object"},
       }) {
    const auto seen = parse_control(datagram);
    ASSERT_FALSE(seen) << datagram;
    EXPECT_EQ(seen.error().reason, reason) << datagram;
  }
  EXPECT_FALSE(parse_control(""));
  EXPECT_FALSE(parse_control(R"({"kind":"phase","phase":"gone"} x)"));
}

TEST(Control, ATraceKnowsNoOtherTimeThanT) {
  for (const std::string name : {"monotonic_usec", "age_usec"}) {
    Event event;
    const auto seen = parse_event(R"({"t":0,"kind":"phase","phase":"gone",")" + name + R"(":1})", event);
    ASSERT_FALSE(seen);
    EXPECT_EQ(seen.error().reason, "unknown member \"" + name + '"');
  }
}

}  // namespace
}  // namespace notifyspec::wire
