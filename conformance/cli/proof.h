// The proof of requirements: which vectors put each to the test, and which planted bugs show that it can
// fail.
//
// From a folder of vectors and fixtures/kills.jsonl. A bug proves a requirement where a vector of that
// requirement kills it, or where a trace that has it fails the requirement. What is recorded of a vector,
// requirement or bug that there is not is refused. Runs nothing.
#pragma once

#include <expected>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "verdict/requirement.h"
#include "verdict/vector.h"

namespace notifyspec::cli {

struct Proof {
  std::vector<std::string> vectors;
  std::vector<std::string> bugs;  ///< "receiver/leaks-fds"
};

/// By requirement: all have one. An error is a sentence that names file, line and member.
std::expected<std::map<std::string, Proof>, std::string> read_proofs(
    const std::string& kills, std::span<const verdict::Requirement> requirements,
    std::span<const verdict::Vector> vectors);

}  // namespace notifyspec::cli
