#include "verdict/exam_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace notifyspec::verdict {

bool is_no_such_type(std::string_view errno_name) {
  return errno_name == "ESOCKTNOSUPPORT" || errno_name == "ENODEV" || errno_name == "EPROTOTYPE";
}

std::optional<std::uint64_t> ExamRule::Answer::sent() const {
  if (outcome != "sent") return std::nullopt;
  std::uint64_t n = 1;  // of a case that has one message, no number is said
  std::from_chars(rest.data(), rest.data() + rest.size(), n);
  return n;
}

ExamRule::ExamRule(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) cases_.push_back({name, std::nullopt});
}

void ExamRule::see(const model::Step& step) {
  const auto known = [&](std::string_view name) { return std::ranges::find(cases_, name, &Case::name); };
  if (step.stranger != nullptr) {
    const auto message = model::exam_message(*step.stranger);
    if (message && known(message->name) != cases_.end()) hear(*message, step);
  }
  const auto* observation = std::get_if<wire::Observation>(&step.event->body);
  if (observation == nullptr) return;
  const auto said = model::exam_answer(*observation);
  if (!said) return;
  if (const auto found = known(said->name); found != cases_.end())
    found->answer =
        Answer{std::string(said->outcome), std::string(said->rest), step.event->t_usec, step.line};
}

const ExamRule::Answer* ExamRule::answer(std::string_view name) const {
  const auto found = std::ranges::find(cases_, name, &Case::name);
  if (found == cases_.end()) return nullptr;
  const std::optional<Answer>& said = found->answer;
  return said ? &*said : nullptr;
}

std::optional<ExamRule::Trouble> ExamRule::trouble(std::string_view name, const model::Boot& boot) const {
  const Answer* said = answer(name);
  if (said == nullptr)
    return Trouble{Outcome::kNotApplicable, fmt::format("the case {} was not put", name), {}};
  if (said->outcome != "failed") return std::nullopt;
  const std::string_view error = std::string_view(said->rest).substr(said->rest.rfind(' ') + 1);
  if (is_no_such_type(error) && boot.credential().offers(wire::SocketType::kSeqpacket) == false)
    return Trouble{Outcome::kNotApplicable, "the device does not offer the socket type", {}};
  if (said->rest == "close EAGAIN" || said->rest == "close EPROTO")
    return Trouble{
        Outcome::kNotApplicable, "the other side did not close as it should: half-close tells why", {}};
  return Trouble{Outcome::kNotMet, fmt::format("{}: the guest failed to {}", name, said->rest), {said->line}};
}

}  // namespace notifyspec::verdict
