#include "verdict/device_rules.h"

#include <fmt/format.h>

#include <utility>

namespace notifyspec::verdict {

void MessageBoundary::hear(const model::ExamMessage& message, const model::Step& step) {
  if (step.stranger->truncated) return cut_.add(step.line);
  const std::size_t size = step.stranger->data.size();
  if (message.length == size) return whole_.add(step.line);
  if (other_.empty())
    first_ = fmt::format("{} bytes came of a message that says {}", size, message.length.value_or(0));
  other_.add(step.line);
}

Finding MessageBoundary::conclude(const model::Boot& boot) const {
  const std::string expected = "each message over seqpacket arrives whole and alone, as it was sent";
  if (const auto wrong = trouble("boundary", boot)) {
    if (wrong->outcome != Outcome::kNotMet) return not_applicable(wrong->seen);
    return not_met(expected, wrong->seen, wrong->lines);
  }
  const auto sent = answer("boundary")->sent();
  if (!sent) return not_applicable("the planted program does not say how many it sent");
  if (!other_.empty()) return not_met(expected, first_, other_.first());
  if (!cut_.empty()) return inconclusive("the receiver cut a message");
  if (whole_.count() != *sent)
    return not_met(expected, fmt::format("{} of {} arrived", whole_.count(), *sent), whole_.first());
  return met(expected, fmt::format("{} of {} did", whole_.count(), *sent), whole_.first());
}

void OrderAcrossConnections::hear(const model::ExamMessage& message, const model::Step& step) {
  Series& series = message.name == "order" ? packets_ : streams_;
  if (message.sequence != series.next && !series.against) series.against = step.line;
  ++series.next;
}

Finding OrderAcrossConnections::conclude(const model::Boot& boot) const {
  const std::string expected =
      "messages of connections that follow one another arrive in that order, each once";
  std::string seen;
  std::vector<std::size_t> lines;
  for (const auto& [name, series] : {std::pair{"order", &packets_}, std::pair{"order-stream", &streams_}}) {
    if (const auto wrong = trouble(name, boot)) {
      if (wrong->outcome == Outcome::kNotMet) return not_met(expected, wrong->seen, wrong->lines);
      continue;
    }
    const auto sent = answer(name)->sent();
    if (!sent) continue;
    if (series->against)
      return not_met(expected, fmt::format("{}: a message is not the next one", name), {*series->against});
    if (series->next != *sent)
      return not_met(expected, fmt::format("{}: {} of {} arrived", name, series->next, *sent),
                     {answer(name)->line});
    seen += fmt::format("{}{} of {}", seen.empty() ? "" : ", ", series->next, name);
    lines.push_back(answer(name)->line);
  }
  if (seen.empty()) return not_applicable("no case of order was put");
  return met(expected, fmt::format("{} did", seen), lines);
}

Finding RefusesUnlistenedPort::conclude(const model::Boot&) const {
  const std::string expected = "a connection to a port on which nobody listens is refused at once";
  std::optional<Finding> good;
  for (const char* name : {"refused", "refused-seqpacket"}) {
    const Answer* said = answer(name);
    if (said == nullptr) continue;
    if (said->outcome == "connected" || said->outcome == "ETIMEDOUT")
      return not_met(expected, fmt::format("{}: {}", name, said->outcome), {said->line});
    // Any other error is the guest's own, and was not brought by a refusal.
    if (said->outcome == "ECONNRESET" || said->outcome == "ECONNREFUSED")
      good = met(expected, fmt::format("connect() gave {}", said->outcome), {said->line});
  }
  return good ? *good : not_applicable("no such connection was tried");
}

void SeqpacketNotOffered::hear(const model::ExamMessage&, const model::Step& step) {
  if (step.stranger->socket_type == name(wire::SocketType::kSeqpacket)) packets_.add(step.line);
}

Finding SeqpacketNotOffered::conclude(const model::Boot& boot) const {
  const auto offered = boot.credential().offers(wire::SocketType::kSeqpacket);
  if (!offered) return not_applicable("the trace does not say what the device offers");
  if (*offered) return not_applicable("the device offers it");
  const std::string expected = "no connection over seqpacket comes about where the device does not offer it";
  if (!packets_.empty())
    return not_met(expected, fmt::format("{} messages came over one", packets_.count()), packets_.first());
  const Answer* said = answer("seqpacket-offer");
  if (said == nullptr) return not_applicable("no such connection was tried");
  if (said->outcome == "connected") return not_met(expected, "one came about", {said->line});
  return met(expected,
             fmt::format("connect() gave {}", said->outcome == "failed" ? said->rest : said->outcome),
             {said->line});
}

}  // namespace notifyspec::verdict
