// The requirement: one sentence that an implementation must meet, with its level and the text that carries
// it.
//
// The suite's requirements are fixtures/requirements.toml; this reads that format. Does not judge.
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notifyspec::verdict {

enum class Level { kMust, kShould, kObserved };

/// "must", "should", "observed".
std::string_view name(Level level);

/// Where the text stands.
struct Source {
  std::string document;  ///< "systemd(1)"
  std::string section;   ///< "Readiness Protocol"
  std::string item;      ///< "first list item"; may be empty
  std::string version;   ///< systemd version whose text was read, or that was observed
};

/// "DOCUMENT, SECTION, ITEM (VERSION)".
std::string words(const Source& source);

struct Requirement {
  std::string id;
  std::string role;                     ///< "manager", "sender", "receiver", "device", "proxy"
  std::vector<std::string> vantages;    ///< of "container", "vm", "user"
  std::vector<std::string> transports;  ///< over which it can be seen at all; empty: all
  Level level = Level::kMust;
  int since = 0;  ///< systemd version in which the sentence, or the behaviour, appeared
  Source source;
  std::string text;                  ///< one sentence, in our words
  std::vector<std::string> entails;  ///< ids that must fall with it
  std::vector<std::string> cases;    ///< scenarios that can make it fail
  bool by_vectors = false;           ///< judged by vectors, which name it themselves, and not by traces
  bool by_pairs = false;             ///< judged by what went into a proxy and what came out

  /// Whether a trace over `transport` can show anything of it.
  bool has_to_do_with(std::string_view transport) const;
};

/// The roles that a requirement can have.
inline constexpr std::array<std::string_view, 5> kRoles = {"manager", "sender", "receiver", "device",
                                                           "proxy"};

/// What is wrong with the table: a sentence with line and id.
struct RequirementError {
  std::string reason;
};

/// Reads a whole table. Unknown keys, doubled ids and entailed ids that do not exist are refused.
std::expected<std::vector<Requirement>, RequirementError> parse_requirements(std::string_view toml);

}  // namespace notifyspec::verdict
