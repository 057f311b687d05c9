#include "verdict/half_close_rules.h"

#include <fmt/format.h>

namespace notifyspec::verdict {
namespace {

/// The sender waits two seconds for the end of the other direction: half of that is well before its end.
constexpr std::int64_t kWellBeforeUsec = 1'000'000;

}  // namespace

void HalfCloseRule::hear(const model::ExamMessage& message, const model::Step& step) {
  if (message.name == "half-close-stream" && !step.stranger->truncated && !whole_usec_)
    whole_usec_ = step.event->t_usec;
}

HalfCloseRule::Stream HalfCloseRule::stream() const {
  const Answer* said = stream_answer();
  if (said == nullptr || said->outcome == "failed") return Stream::kNotPut;
  if (said->outcome == "eof" || said->outcome == "data") return Stream::kCarried;
  const bool well_before = whole_usec_ && *whole_usec_ + kWellBeforeUsec <= said->t_usec;
  return said->outcome == "timeout" && well_before ? Stream::kCarried : Stream::kNotCarried;
}

Finding HalfCloseCarried::conclude(const model::Boot& boot) const {
  const std::string expected =
      "a sender that ends its direction alone gets its message through, and the other direction stays open";
  if (stream() == Stream::kNotCarried)
    return not_met(expected,
                   fmt::format("over a stream the receiver learned of no end; the sender saw {}",
                               quoted(stream_answer()->outcome)),
                   {stream_answer()->line});
  for (const char* name : {"half-close", "half-close-stream"}) {
    const auto wrong = trouble(name, boot);
    if (wrong && wrong->outcome == Outcome::kNotMet) return not_met(expected, wrong->seen, wrong->lines);
  }
  const Answer* packet = packet_answer();
  if (packet != nullptr && packet->outcome.starts_with('E'))
    return not_met(expected, fmt::format("over seqpacket the sender got {}", packet->outcome),
                   {packet->line});
  const Answer* proof = stream() == Stream::kCarried ? stream_answer() : packet;
  if (proof == nullptr || proof->outcome == "failed")
    return not_applicable("no case of a half-close was put");
  if (proof == packet && packet->outcome != "eof")
    return not_applicable("a packet arrives whole without it: only a stream would tell");
  return met(expected, "it did", {proof->line});
}

Finding ClosesAfterEof::conclude(const model::Boot&) const {
  const std::string expected =
      "once the sender has ended its direction the receiver closes, and sends nothing";
  const Answer* proof = nullptr;
  for (const Answer* said : {packet_answer(), stream_answer()}) {
    if (said == nullptr) continue;
    if (said->outcome == "data") return not_met(expected, "something was sent back", {said->line});
    if (said->outcome == "eof") proof = said;
    if (said->outcome == "timeout" && stream() != Stream::kNotCarried)
      return not_met(expected, "it had not closed when the sender lost patience", {said->line});
  }
  if (stream() == Stream::kNotCarried)
    return not_applicable("the device did not tell the receiver of the sender's end");
  if (proof == nullptr) return not_applicable("no case of a half-close was put");
  return met(expected, "it did", {proof->line});
}

}  // namespace notifyspec::verdict
