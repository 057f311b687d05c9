// What is asked of a proxy: of the messages that went into it, and those that came out.
//
// Rule: no text binds proxies in general, so what is merely observed binds one only where its own
// documentation promises it; it is then a must. What keeps others safe from a payload is a should for all.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "verdict/judge.h"
#include "verdict/passage.h"
#include "verdict/requirement.h"

namespace notifyspec::verdict {

struct Pair {
  std::vector<wire::Message> in, out;
  std::string barrier;  ///< what became of the payload's barrier: "closed", "open"; empty: there was none
};

/// One judgement for each requirement of role proxy. `documented`: ids that the proxy's documentation
/// promises.
std::vector<Judgement> judge_pair(std::span<const Requirement> requirements, const Pair& pair,
                                  std::span<const std::string> documented);

}  // namespace notifyspec::verdict
