// The grade: what the outcome of one vector, and of all vectors of one requirement, says of an
// implementation.
//
// Rule: as the judge of traces has it, a verdict needs a text. A must that is not met fails, a should warns,
// what was merely observed fails only under the profile that asks for it. What an implementation cannot do is
// skipped with its reason; what nobody put before it is inconclusive. That it crashes or hangs on a vector
// does not meet it, and is told apart from a wrong answer, since its adapter may be to blame; one that talks
// nonsense says nothing of what stands behind it. systemd itself is booted, without an adapter.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "verdict/judge.h"
#include "verdict/outcome.h"
#include "verdict/requirement.h"
#include "verdict/vector.h"

namespace notifyspec::verdict {

struct VectorGrade {
  const Vector* vector = nullptr;
  Verdict verdict = Verdict::kSkip;
  std::optional<bool> as_described;  ///< whether it came to what the vector allows, whatever the level
  std::string expected;
  std::string seen;
  std::string reason;
  std::optional<Conclusion> conclusion;  ///< what of it is not as it was before; nothing: none was drawn
  bool adapter_failed = false;           ///< crash, hang, nonsense: no answer that could be wrong
};

/// What the outcomes are held to.
struct Yardstick {
  Profile profile;
  std::optional<int> systemd;              ///< the version, where systemd is what was put to the test
  const VectorOutcome* instead = nullptr;  ///< what another one came to, in place of what the vector allows
};

/// `outcome`: nullptr where there is none.
VectorGrade grade(const Vector& vector, std::span<const Requirement> requirements,
                  const VectorOutcome* outcome, const Yardstick& yardstick);

struct RequirementGrade {
  const Requirement* requirement = nullptr;
  Verdict verdict = Verdict::kSkip;
  std::size_t n_vectors = 0;
  std::size_t n_as_described = 0;
  std::vector<std::string> against;  ///< ids of the vectors that decide it, if it is not met: the first few
};

/// Of all requirements that one of the vectors names, in their order.
std::vector<RequirementGrade> grade_requirements(std::span<const Requirement> requirements,
                                                 std::span<const VectorGrade> vectors);

}  // namespace notifyspec::verdict
