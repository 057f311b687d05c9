#include "verdict/receiver_rules.h"

#include <fmt/format.h>

#include <bit>

#include "wire/assignment.h"

namespace notifyspec::verdict {

void AcceptsEachMessage::hear(const model::ExamMessage& message, const model::Step& step) {
  if (!message.sequence || *message.sequence >= 64) return;
  const std::uint64_t bit = std::uint64_t{1} << *message.sequence;
  ((arrived_ & bit) == 0 ? once_ : again_).add(step.line);
  arrived_ |= bit;
}

Finding AcceptsEachMessage::conclude(const model::Boot& boot) const {
  const std::string expected = "each of the connections that are open together brings its message, once";
  if (const auto wrong = trouble("each", boot)) {
    if (wrong->outcome != Outcome::kNotMet) return not_applicable(wrong->seen);
    return not_met(expected, wrong->seen, wrong->lines);
  }
  const auto sent = answer("each")->sent();
  if (!sent) return not_applicable("the planted program does not say how many it sent");
  if (!again_.empty())
    return not_met(expected, fmt::format("{} came more than once", again_.count()), again_.first());
  const auto n = static_cast<std::uint64_t>(std::popcount(arrived_));
  if (n != *sent) return not_met(expected, fmt::format("{} of {} came", n, *sent), {answer("each")->line});
  return met(expected, fmt::format("{} of {} did", n, *sent), once_.first());
}

void JoinsSegments::hear(const model::ExamMessage& message, const model::Step& step) {
  constexpr std::uint64_t kBothParts = 0b110;
  (message.parts == kBothParts && !step.stranger->truncated ? whole_ : piece_).add(step.line);
}

Finding JoinsSegments::conclude(const model::Boot& boot) const {
  const std::string expected = "what a stream brings in three segments up to its end is one message";
  if (const auto wrong = trouble("segments", boot)) {
    if (wrong->outcome != Outcome::kNotMet) return not_applicable(wrong->seen);
    return not_met(expected, wrong->seen, wrong->lines);
  }
  if (!piece_.empty()) return not_met(expected, "only a part of it came as a message", piece_.first());
  if (whole_.count() != 1)
    return not_met(expected, fmt::format("{} such messages came", whole_.count()),
                   {answer("segments")->line});
  return met(expected, "it is", whole_.first());
}

Finding StalledPeerBlocksNobody::conclude(const model::Boot& boot) const {
  const std::string expected = "a peer that sends something and stays holds up nobody else";
  if (const auto wrong = trouble("stalled", boot)) {
    if (wrong->outcome != Outcome::kNotMet) return not_applicable(wrong->seen);
    return not_met(expected, wrong->seen, wrong->lines);
  }
  const Answer* said = answer("stalled");
  if (said->outcome == "served") return met(expected, "the other was served", {said->line});
  return not_met(expected, fmt::format("the other was {}", said->outcome), {said->line});
}

DistrustsUnprivilegedPort::DistrustsUnprivilegedPort() : ready_(model::mask_of("READY")) {}

void DistrustsUnprivilegedPort::see(const model::Step& step) {
  if (step.ended != nullptr) manager_ready_ = false;
  if (step.value(ready_) == "1") manager_ready_ = true;
  const auto* phase = std::get_if<wire::Phase>(&step.event->body);
  if (phase != nullptr && phase->phase == wire::PhaseName::kReady && stranger_ && !manager_ready_ &&
      !believed_)
    believed_ = step.line;
  if (step.stranger == nullptr || !step.stranger->peer_port || stranger_) return;
  for (const wire::Assignment& assignment : wire::split_assignments(step.stranger->data)) {
    if (assignment.line != "READY=1") continue;
    too_late_ |= manager_ready_;
    if (!manager_ready_) stranger_ = step.line;
    return;
  }
}

Finding DistrustsUnprivilegedPort::conclude(const model::Boot&) const {
  const std::string expected = "READY=1 from a port of 1024 or above is not taken for the manager's";
  if (!stranger_ && too_late_)
    return not_applicable("READY=1 came from such a port only once the manager itself had sent it");
  if (!stranger_) return not_applicable("no READY=1 came from such a port");
  if (believed_)
    return not_met(expected, "the system was taken for ready before the manager said so",
                   {*stranger_, *believed_});
  return met(expected, "it was not", {*stranger_});
}

}  // namespace notifyspec::verdict
