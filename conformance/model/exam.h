// The exam: a program planted in a machine puts device and receiver to the test, and says what it met with.
//
// Rules (fixtures/README.md, "The exam"): its messages begin with the line X_NOTIFYSPEC_CASE=; what it says
// of a case is an observation "exam" whose first word is the case. It is no manager: nothing that it sends is
// word of a boot. Draws no verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/trace.h"

namespace notifyspec::model {

/// One message of the exam. The views point into the message.
struct ExamMessage {
  std::string_view name;  ///< of the case
  std::optional<std::uint64_t> sequence;
  std::optional<std::uint64_t> length;  ///< of the whole message, as its sender says
  std::uint64_t parts = 0;              ///< bit N for X_NOTIFYSPEC_PART=N
};

/// Whether the exam sent it: one look at its first bytes.
bool is_exam(const wire::Message& message);

/// Its members, or nothing where the exam did not send it.
std::optional<ExamMessage> exam_message(const wire::Message& message);
std::optional<ExamMessage> exam_message(wire::Message&& message) = delete;

/// What the planted program says of one case: "order sent 16", "refused ECONNRESET". The views point into the
/// observation.
struct ExamAnswer {
  std::string_view name;     ///< of the case
  std::string_view outcome;  ///< "sent", "eof", "failed", "ECONNRESET"
  std::string_view rest;     ///< "16"; "connect ECONNRESET" after "failed"
};

/// The answer, or nothing where it is another observation.
std::optional<ExamAnswer> exam_answer(const wire::Observation& observation);
std::optional<ExamAnswer> exam_answer(wire::Observation&& observation) = delete;

}  // namespace notifyspec::model
