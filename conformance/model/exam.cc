#include "model/exam.h"

#include <charconv>

#include "wire/assignment.h"

namespace notifyspec::model {
namespace {

constexpr std::string_view kFirst = "X_NOTIFYSPEC_CASE=";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The text before the first blank, which goes from `text`.
std::string_view take_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? "" : text.substr(end + 1);
  return word;
}

}  // namespace

bool is_exam(const wire::Message& message) {
  return message.data.starts_with(kFirst);
}

std::optional<ExamMessage> exam_message(const wire::Message& message) {
  if (!is_exam(message)) return std::nullopt;
  ExamMessage out;
  for (const wire::Assignment& line : wire::split_assignments(message.data)) {
    if (line.name == "X_NOTIFYSPEC_CASE" && out.name.empty()) out.name = line.value;
    if (line.name == "X_NOTIFYSPEC_SEQUENCE") out.sequence = number(line.value);
    if (line.name == "X_NOTIFYSPEC_LENGTH") out.length = number(line.value);
    if (line.name != "X_NOTIFYSPEC_PART") continue;
    if (const auto part = number(line.value); part && *part < 64) out.parts |= std::uint64_t{1} << *part;
  }
  return out;
}

std::optional<ExamAnswer> exam_answer(const wire::Observation& observation) {
  if (observation.subject != "exam") return std::nullopt;
  std::string_view text = observation.value;
  ExamAnswer out;
  out.name = take_word(text);
  out.outcome = take_word(text);
  out.rest = text;
  return out;
}

}  // namespace notifyspec::model
