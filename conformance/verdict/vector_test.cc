#include "verdict/vector.h"

#include <gtest/gtest.h>

namespace notifyspec::verdict {
namespace {

constexpr const char* kTable = R"toml(
[[requirement]]
id = "receiver.a"
role = "receiver"
vantages = ["container"]
level = "must"
since = 252
source = { document = "sd_notify(3)", section = "Description", version = "262" }
text = "It does."
by = "vectors"
[[requirement]]
id = "sender.a"
role = "sender"
vantages = ["container"]
level = "must"
since = 252
source = { document = "sd_notify(3)", section = "Description", version = "262" }
text = "It does."
by = "vectors"
[[requirement]]
id = "receiver.traced"
role = "receiver"
vantages = ["container"]
level = "must"
since = 252
source = { document = "sd_notify(3)", section = "Description", version = "262" }
text = "It does."
cases = ["halt"]
)toml";

constexpr const char* kGood = R"json({
  "requirements": ["receiver.a"], "level": "must", "note": "It matters.",
  "service": {"notify_access": "all", "watchdog_usec": 5},
  "steps": [{"data": "STATUS=a\u0000", "fds": 2, "credentials": "child"},
            {"data_base64": "QUI=", "fds": 1, "barrier": true}],
  "expect": [{"status": "a", "barriers": "closed"}, {"errno": "4"}],
  "systemd": {"262": {}, "252": {"state": "running"}}
})json";

constexpr const char* kSender = R"json({
  "requirements": ["sender.a"], "level": "must", "note": "It matters.", "environment": "${path}",
  "steps": [{"call": "notify", "state": "READY=1", "fds": 254, "pid": "child", "unset_environment": true},
            {"call": "barrier", "timeout_usec": 3}],
  "expect": [{"arrived": [{"data": "READY=1", "from": "child"}], "returns": ["positive"], "environment": "unset"}]
})json";

constexpr const char* kId = "receiver/status/plain";

std::vector<Requirement> table() {
  return parse_requirements(kTable).value();
}

/// kGood with its one occurrence of `from` made `to`.
std::string with(std::string_view from, std::string_view to) {
  std::string text = kGood;
  return text.replace(text.find(from), from.size(), to);
}

TEST(Vector, OfAReceiverIsReadWhole) {
  const auto read = parse_vector(kId, kGood, table());
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->role, "receiver");
  EXPECT_EQ(read->service.notify_access, "all");
  const auto& first = std::get<Datagram>(read->steps[0]);
  EXPECT_EQ(first.data, std::string("STATUS=a\0", 9));
  EXPECT_EQ(first.n_fds, 2U);
  EXPECT_EQ(first.credentials, "child");
  EXPECT_EQ(std::get<Datagram>(read->steps[1]).data, "AB");
  EXPECT_TRUE(std::get<Datagram>(read->steps[1]).barrier);
  EXPECT_EQ(read->expect.size(), 2U);
  EXPECT_EQ(read->systemd.at(252).members.at("state"), "running");
  EXPECT_EQ(read->defaults().members.at("watchdog_usec"), "5");
  EXPECT_EQ(read->defaults().members.at("notify_access"), "all");
}

TEST(Vector, MayExpectAllFdsToBeKept) {
  EXPECT_TRUE(parse_vector(kId, with("{\"errno\": \"4\"}", "{\"fds_open\": \"3\"}"), table()));
}

TEST(Vector, TellsWhereAUserManagerConcludesSomethingElse) {
  const auto read = parse_vector(kId, with("\"262\": {}", "\"252-user\": {}"), table());
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->systemd.size(), 1U);
  EXPECT_TRUE(read->user_manager.at(252).members.empty());
  std::string sender = kSender;
  sender.insert(sender.rfind('}'), R"(, "systemd": {"252": {}, "252-user": {}})");
  EXPECT_FALSE(parse_vector("sender/bytes/plain", sender, table()));
}

TEST(Vector, OfASenderIsReadWhole) {
  const auto read = parse_vector("sender/bytes/plain", kSender, table());
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->environment, "${path}");
  const auto& call = std::get<Call>(read->steps[0]);
  EXPECT_EQ(call.state, "READY=1");
  EXPECT_TRUE(call.for_child);
  EXPECT_TRUE(call.unset_environment);
  EXPECT_EQ(call.n_fds, 254U);
  EXPECT_EQ(std::get<Call>(read->steps[1]).timeout_usec, 3U);
  EXPECT_EQ(read->expect[0].arrived->front().from, "child");
}

TEST(Vector, IsRefusedByTheNameOfTheMember) {
  const std::vector<std::pair<std::string, std::string>> table_of_faults = {
      {"[]", "no JSON object"},
      {"{", "no JSON"},
      {"{\"note\": \"\xff\"}", "no JSON"},
      {with("\"note\": \"It matters.\"", "\"note\": \"\""), "note: says nothing"},
      {with("\"note\": \"It matters.\"", "\"note\": \" \\t\\n\""), "note: says nothing"},
      {with("\"note\"", "\"stays\": \" \", \"note\""), "stays: says nothing"},
      {with("\"note\": \"It matters.\",", ""), "note: is missing"},
      {with("\"note\"", "\"level\""), "level: stands twice"},
      {with("\"note\"", "\"hint\": 1, \"note\""), "hint: is no member"},
      {with("[\"receiver.a\"]", "[]"), "requirements: is no array with something"},
      {with("[\"receiver.a\"]", "[1]"), "requirements: holds something that is no string"},
      {with("[\"receiver.a\"]", "[\"receiver.b\"]"), "requirements: \"receiver.b\" is no requirement"},
      {with("[\"receiver.a\"]", "[\"receiver.a\", \"receiver.a\"]"),
       "requirements: \"receiver.a\" stands twice"},
      {with("[\"receiver.a\"]", "[\"sender.a\"]"), "requirements: \"sender.a\" is one of role sender"},
      {with("[\"receiver.a\"]", "[\"receiver.traced\"]"),
       "requirements: \"receiver.traced\" is judged by traces"},
      {with("\"must\"", "\"may\""), "level: \"may\" is none of must"},
      {with("\"must\"", "\"should\""), "level: is should, and that of receiver.a is must"},
      {with("\"all\"", "\"some\""), "service.notify_access: \"some\" is none of none, main"},
      {with("\"watchdog_usec\"", "\"watchdog\""), "service.watchdog: is no member"},
      {with("\"fds\": 2", "\"fds\": 254"), "steps[0].fds: is no integer from 0 to 253"},
      {with("\"fds\": 2", "\"fds\": -1"), "steps[0].fds: is no integer"},
      {with("\"fds\": 2", "\"fds\": \"2\""), "steps[0].fds: is no integer"},
      {with("\"child\"", "\"uncle\""), "steps[0].credentials: \"uncle\""},
      {with("QUI=", "QUI"), "steps[1].data_base64: is no base64"},
      {with("\"data_base64\"", "\"data\": \"\", \"data_base64\""), "steps[1].data: give this or"},
      {with("\"data_base64\": \"QUI=\", ", ""), "steps[1].data: give this or"},
      {with("\"fds\": 1, \"barrier\"", "\"barrier\""), "steps[1].barrier: awaits the closing"},
      {with("\"barrier\": true", "\"barrier\": true, \"repeat\": 2"), "steps[1].barrier: is awaited once"},
      {with("\"barrier\": true", "\"barrier\": 1"), "steps[1].barrier: is not true or false"},
      {with("{\"data_base64\": \"QUI=\", \"fds\": 1, \"barrier\": true}", "{\"action\": \"reload\"}"),
       "steps[1].action: needs a service"},
      {with("{\"data_base64\": \"QUI=\", \"fds\": 1, \"barrier\": true}", "3"), "steps[1]: is no object"},
      {with("[{\"status\": \"a\", \"barriers\": \"closed\"}, {\"errno\": \"4\"}]", "[]"), "expect: is empty"},
      {with("{\"errno\": \"4\"}", "{\"fds_open\": \"4\"}"), "expect[1].fds_open: is 4, and the steps send 3"},
      {with("{\"errno\": \"4\"}", "{\"fds_stored\": \"10\"}"), "expect[1].fds_stored: is 10"},
      {with("{\"errno\": \"4\"}", "{\"barriers\": \"closed\", \"status\": \"a\"}"),
       "expect[0]: stands twice"},
      {with("{\"errno\": \"4\"}", "{}"), "expect: holds a conclusion that says nothing"},
      {with("{\"errno\": \"4\"}", "{\"errno\": 4}"), "expect[1].errno: is no string"},
      {with("{\"errno\": \"4\"}", "{\"errno\": \"0x4\"}"), "expect[1].errno: is no decimal number"},
      {with("\"closed\"", "\"closed shut\""), "expect[0].barriers: is not"},
      {with("\"closed\"", "\"closed closed\""), "expect[0].barriers: tells of 2, and the steps have 1"},
      {with("\"closed\"", "\"\""), "expect[0].barriers: tells of 0"},
      {with("\"fds\": 2", "\"fds\": 2, \"substitute\": true"),
       "steps[0].substitute: there is nothing to replace"},
      {with("{\"errno\": \"4\"}", "{\"mood\": \"4\"}"), "expect[1].mood: is no member"},
      {with("\"262\"", "\"v262\""), "systemd.v262: is no version"},
      {with("\"262\"", "\"-user\""), "systemd.-user: is no version"},
      {with("\"262\"", "\"257-user\""), "systemd.257-user: stands without that of PID 1"},
      {with("\"262\": {}", "\"252-user\": {\"state\": \"running\"}"),
       "systemd.252-user: is what PID 1 concluded"},
      {with("\"running\"", "\"fine\""), "systemd.252.state: \"fine\""},
      {with("\"note\"", "\"unobserved\": \"Why.\", \"note\""), "systemd: stands beside"},
      {with("\"note\"", "\"environment\": \"x\", \"note\""), "environment: is no member"},
  };
  for (const auto& [json, expected] : table_of_faults) {
    const auto read = parse_vector(kId, json, table());
    ASSERT_FALSE(read) << json;
    EXPECT_NE(read.error().reason.find(expected), std::string::npos)
        << read.error().reason << " for " << expected;
  }
}

TEST(Vector, HasAPathForId) {
  for (const char* id : {"receiver/plain", "receiver/a/b/c", "proxy/a/b", "/receiver/a", "receiver//a",
                         "receiver/a/B", "receiver/a/b.c", ""}) {
    const auto read = parse_vector(id, kGood, table());
    ASSERT_FALSE(read) << id;
    EXPECT_TRUE(read.error().reason.starts_with("its path")) << read.error().reason;
  }
}

}  // namespace
}  // namespace notifyspec::verdict
