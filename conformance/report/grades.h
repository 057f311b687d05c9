// The report of graded vectors, in the three forms of the report on traces.
//
// JSON lines as in fixtures/README.md, "Grades".
#pragma once

#include <string>
#include <vector>

#include "report/verdicts.h"
#include "verdict/grade.h"
#include "verdict/outcome.h"

namespace notifyspec::report {

/// One outcome file as it was named, and what was judged of it.
struct GradedOutcomes {
  std::string outcomes;
  verdict::OutcomeHeader header;
  std::vector<verdict::VectorGrade> vectors;
  std::vector<verdict::RequirementGrade> requirements;
};

/// Of the vectors.
Counts count(const GradedOutcomes& graded);

/// A line for each vector, then one for each requirement.
std::string to_json_lines(const GradedOutcomes& graded);

/// For a terminal: the vectors that are not met, then the requirements.
std::string to_text(const GradedOutcomes& graded, bool colour);

/// JUnit XML: a test case for each vector.
std::string to_junit(const GradedOutcomes& graded);

}  // namespace notifyspec::report
