#include "verdict/sender_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "model/exam.h"
#include "wire/assignment.h"

namespace notifyspec::verdict {

using wire::SocketType;

void SocketTypeRule::see(const model::Step& step) {
  constexpr std::size_t kMostTypes = 8;
  if (step.message != nullptr && step.message->socket_type && first_.size() < kMostTypes)
    first_.try_emplace(*step.message->socket_type, step.line);
}

std::optional<std::size_t> SocketTypeRule::over(SocketType type) const {
  const auto found = first_.find(name(type));
  if (found == first_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::pair<std::string, std::size_t>> SocketTypeRule::over_another_than(SocketType type) const {
  for (const auto& each : first_)
    if (each.first != name(type)) return each;
  return std::nullopt;
}

bool SocketTypeRule::had_time(const model::Boot& boot) {
  return boot.booted() || boot.gave_up() || boot.course().was_ready || boot.course().gone;
}

Finding TypeForced::conclude(const model::Boot& boot) const {
  const wire::VsockAddress* address = boot.credential().vsock_address();
  if (address == nullptr || !address->type) return not_applicable("no address forces a socket type");
  const SocketType type = *address->type;
  const std::string expected =
      fmt::format("{} is spoken to over {} alone", quoted(boot.credential().text()), name(type));
  if (const auto other = over_another_than(type))
    return not_met(expected, fmt::format("a message came over {}", other->first), {other->second});
  if (const auto line = over(type)) return met(expected, "all messages came over it", {*line});
  if (boot.credential().unpromised() && had_time(boot))
    return met(expected, "the device does not carry it, and nothing came over another type");
  return not_applicable("no message came");
}

Finding FallsBackToSeqpacket::conclude(const model::Boot& boot) const {
  const wire::VsockAddress* address = boot.credential().vsock_address();
  if (address == nullptr || address->type) return not_applicable("no AF_VSOCK address without a socket type");
  if (const auto reason = boot.credential().unpromised()) return not_applicable(*reason);
  const std::string expected = fmt::format(
      "{} is spoken to over seqpacket, since the device has no datagrams", quoted(boot.credential().text()));
  if (const auto other = over_another_than(SocketType::kSeqpacket))
    return not_met(expected, fmt::format("a message came over {}", other->first), {other->second});
  if (const auto line = over(SocketType::kSeqpacket))
    return met(expected, "all messages came over it", {*line});
  if (!had_time(boot)) return not_applicable("no message came");
  return not_met(expected, "nothing came at all");
}

Finding FallbackEndsBeforeStream::conclude(const model::Boot& boot) const {
  const model::Credential& credential = boot.credential();
  const wire::VsockAddress* address = credential.vsock_address();
  if (address == nullptr || address->type) return not_applicable("no AF_VSOCK address without a socket type");
  if (credential.offers(SocketType::kSeqpacket).value_or(true) ||
      !credential.offers(SocketType::kStream).value_or(false))
    return not_applicable("the device offers more than streams");
  const std::string expected = fmt::format(
      "{} is not spoken to over stream, though the device carries nothing else", quoted(credential.text()));
  if (const auto line = over(SocketType::kStream))
    return not_met(expected, "a message came over it", {*line});
  if (!had_time(boot)) return not_applicable("the trace does not reach the end of the boot");
  return met(expected, "nothing came");
}

void PrivilegedPort::see(const model::Step& step) {
  if (step.message != nullptr && step.message->peer_port) privileged_.add(step.line);
  if (step.stranger == nullptr || !step.stranger->peer_port || model::is_exam(*step.stranger)) return;
  bool only_a_managers = false;
  for (const wire::Assignment& assignment : wire::split_assignments(step.stranger->data))
    only_a_managers |= assignment.assigned && assignment.name.starts_with("X_SYSTEMD_");
  (only_a_managers ? forged_ : unknown_).add(step.line);
}

Finding PrivilegedPort::conclude(const model::Boot&) const {
  const std::string expected = "the manager sends from a port below 1024";
  if (!forged_.empty())
    return not_met(expected, fmt::format("{} of its messages came from another port", forged_.count()),
                   forged_.first());
  if (!privileged_.empty())
    return met(expected, fmt::format("{} messages did", privileged_.count()), privileged_.first());
  // Who sent these cannot be told one by one; but if they are all that came, the manager's are among them.
  if (!unknown_.empty()) return not_met(expected, "all messages came from other ports", unknown_.first());
  return not_applicable("no message came with a port");
}

void ConnectionOfItsOwn::see(const model::Step& step) {
  if (step.message == nullptr || !step.message->connection) return;
  const std::int64_t connection = *step.message->connection;
  const auto known = std::span(latest_).first(std::min(n_messages_, latest_.size()));
  if (std::ranges::find(known, connection) != known.end()) shared_.add(step.line);
  latest_[n_messages_++ % latest_.size()] = connection;
}

Finding ConnectionOfItsOwn::conclude(const model::Boot&) const {
  const std::string expected = "each message of the manager has a connection of its own";
  if (!shared_.empty())
    return not_met(expected, fmt::format("{} came over one that had carried another", shared_.count()),
                   shared_.first());
  if (n_messages_ < 2) return not_applicable("fewer than two messages came over a connection");
  return met(expected, fmt::format("{} messages over as many", n_messages_));
}

}  // namespace notifyspec::verdict
