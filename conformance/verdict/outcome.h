// The outcome file: what an implementation made of vectors, a line each behind a header.
//
// Format: fixtures/README.md, "Outcomes". Reads lines; does not judge.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/conclusion.h"

namespace notifyspec::verdict {

struct OutcomeHeader {
  std::string implementation;
  std::string version;
  std::string role;  ///< receiver, sender
  std::string date;
};

enum class OutcomeKind { kConcluded, kUnsupported, kCrash, kHang, kNonsense };

/// "concluded", "unsupported", "crash", "hang", "nonsense".
std::string_view name(OutcomeKind kind);

struct VectorOutcome {
  std::string vector;  ///< id
  OutcomeKind kind = OutcomeKind::kConcluded;
  Conclusion conclusion;                ///< where concluded
  std::vector<std::string> unobserved;  ///< members that could not be asked
  std::string reason;                   ///< where not concluded
};

/// What is wrong with a line: "member: reason".
struct OutcomeError {
  std::string reason;
};

std::expected<OutcomeHeader, OutcomeError> parse_outcome_header(std::string_view line);
std::expected<VectorOutcome, OutcomeError> parse_outcome(std::string_view line, std::string_view role);

}  // namespace notifyspec::verdict
