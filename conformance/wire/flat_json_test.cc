#include "wire/flat_json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::wire {
namespace {

/// Writes down what it is called with.
struct Recorder {
  std::string seen;

  bool note(std::string_view what) {
    seen.append(what).push_back(' ');
    return true;
  }
  bool start_object(std::size_t) { return note("{"); }
  bool end_object() { return note("}"); }
  bool key(std::string_view name) { return note(std::string(name) + ":"); }
  bool string(std::string_view text) { return note("'" + std::string(text) + "'"); }
  bool boolean(bool value) { return note(value ? "true" : "false"); }
  bool number_unsigned(std::uint64_t number) { return note(std::to_string(number)); }
  bool number_float(double, std::string_view digits) { return note(digits); }
};

TEST(FlatJson, PlainLinesAreScanned) {
  struct Case {
    std::string_view line, seen;
  };
  for (const auto& [line, expected] : {
           Case{R"({"a":1})", "{ a: 1 } "},
           Case{R"({"t":0.5,"b":"x","c":true})", "{ t: 0.5 b: 'x' c: true } "},
           Case{R"({"a": 18446744073709551615, "b": ""})", "{ a: 18446744073709551615 b: '' } "},
           Case{R"({"a":"1\n2\"3\\4\/5\t6\r7"})", "{ a: '1\n2\"3\\4/5\t6\r7' } "},
           Case{"{\"a\":\"\xc3\xa4\"}", "{ a: '\xc3\xa4' } "},
       }) {
    Recorder recorder;
    EXPECT_TRUE(scan_flat_object(line, recorder)) << line;
    EXPECT_EQ(recorder.seen, expected) << line;
  }
}

TEST(FlatJson, AnythingElseIsLeftToTheLibrary) {
  for (const std::string_view line : std::vector<std::string_view>{"",
                                                                   "{",
                                                                   "{}",
                                                                   "[]",
                                                                   "1",
                                                                   R"({"a")",
                                                                   R"({"a":)",
                                                                   R"({"a":1)",
                                                                   R"({"a":1,})",
                                                                   R"({"a":1}})",
                                                                   R"({"a":1}  )",
                                                                   R"( {"a":1})",
                                                                   R"({"a":[1]})",
                                                                   R"({"a":{"b":1}})",
                                                                   R"({"a":false})",
                                                                   R"({"a":null})",
                                                                   R"({"a":-1})",
                                                                   R"({"a":+1})",
                                                                   R"({"a":01})",
                                                                   R"({"a":1.})",
                                                                   R"({"a":.5})",
                                                                   R"({"a":1e3})",
                                                                   R"({"a":1.5e3})",
                                                                   R"({"a":18446744073709551616})",
                                                                   R"({"a":truex})",
                                                                   R"({"a":"\u0041"})",
                                                                   R"({"a":"\b"})",
                                                                   R"({"a":"\)",
                                                                   R"({"a":"\")",
                                                                   "{\"a\":\"\n\"}",
                                                                   "{\"a\":\"\xff\"}",
                                                                   "{\"a\":\"\xc3\\\\\xa4\"}",
                                                                   R"({"a" :1})",
                                                                   R"({'a':1})"}) {
    Recorder recorder;
    EXPECT_FALSE(scan_flat_object(line, recorder)) << line;
  }
}

}  // namespace
}  // namespace notifyspec::wire
