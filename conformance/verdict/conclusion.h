// The conclusion: what an implementation made of the steps of a vector. For a receiver that is the state of
// the service; for a sender what arrived, what the calls returned, and what is left of the environment.
//
// Rule: an expectation says only what it names, and the rest may be anything; what was seen is whole, and a
// member that it leaves out has its default. Members: fixtures/README.md, "Vectors".
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/json_object.h"

namespace notifyspec::verdict {

/// One datagram of a sender. In an expectation, `${usec}` in the data stands for decimal digits.
struct Arrived {
  std::string data;
  std::string fds = "0";
  std::string from = "main";  ///< or "child"; "stranger": neither

  bool operator==(const Arrived&) const = default;
};

struct Conclusion {
  std::map<std::string, std::string, std::less<>> members;  ///< those that are given
  std::optional<std::vector<Arrived>> arrived;              ///< sender
  std::optional<std::vector<std::string>> returns;          ///< sender; one a call

  bool operator==(const Conclusion&) const = default;
};

/// Reads one, member by member, and refuses what no conclusion of that role has.
Conclusion read_conclusion(JsonObject& object, std::string_view role);

/// One member of which an expectation and what was seen say different things.
struct Difference {
  std::string member;
  std::string expected;
  std::string seen;
};

/// All of them. `defaults`: what members of `seen` are where it leaves them out. `unobserved`: members that
/// could not be asked.
std::vector<Difference> differences(const Conclusion& expected, const Conclusion& seen,
                                    const Conclusion& defaults, std::span<const std::string> unobserved);

/// What of `seen` is not as `defaults` have it, and could be asked.
Conclusion reduced(Conclusion seen, const Conclusion& defaults, std::span<const std::string> unobserved);

/// For people: `state "running", status "up"`.
std::string describe(const Conclusion& conclusion);

/// Whether `text` is `pattern`, in which each `${usec}` stands for one or more decimal digits.
bool matches_usec(std::string_view pattern, std::string_view text);

}  // namespace notifyspec::verdict
