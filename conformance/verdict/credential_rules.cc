#include "verdict/credential_rules.h"

#include <fmt/format.h>

#include "wire/assignment.h"

namespace notifyspec::verdict {
namespace {

bool has_line(std::string_view datagram, std::string_view wanted) {
  for (const wire::Assignment& assignment : wire::split_assignments(datagram))
    if (assignment.line == wanted) return true;
  return false;
}

bool is_over(const model::Boot& boot) {
  return boot.booted() || boot.gave_up() || boot.course().was_ready;
}

std::string_view words(BootsAllTheSame::Credential which) {
  switch (which) {
    case BootsAllTheSame::Credential::kMissing:
      return "without a credential";
    case BootsAllTheSame::Credential::kMalformed:
      return "with a credential that is no address";
    case BootsAllTheSame::Credential::kUndeliverable:
      return "with a credential at whose address nothing can arrive";
  }
  return "";
}

}  // namespace

Finding ReadyOverVsock::conclude(const model::Boot& boot) const {
  const model::Credential& credential = boot.credential();
  if (const auto reason = credential.unpromised()) return not_applicable(*reason);
  const std::string expected = fmt::format("READY=1 arrives at {}", quoted(credential.text()));
  if (const auto line = boot.course().ready_line)
    return met(expected, fmt::format("it did on line {}", *line), {*line});
  if (boot.cut_short()) return not_applicable("the boot was ended before it was ready");
  return not_met(expected,
                 fmt::format("it did not; {} other messages of the manager did", boot.n_messages()));
}

void ReadyOverUnix::see(const model::Step& step) {
  const auto* observation = std::get_if<wire::Observation>(&step.event->body);
  if (observation == nullptr || observation->subject != "notify-unix") return;
  ++n_messages_;
  if (!ready_ && has_line(observation->value, "READY=1")) ready_ = step.line;
}

Finding ReadyOverUnix::conclude(const model::Boot& boot) const {
  const model::Credential& credential = boot.credential();
  if (credential.unix_address() == nullptr) return not_applicable("the credential names no AF_UNIX address");
  const std::string expected =
      fmt::format("READY=1 arrives at {} inside the machine", quoted(credential.text()));
  if (ready_) return met(expected, fmt::format("it did on line {}", *ready_), {*ready_});
  if (!is_over(boot)) return not_applicable("the trace does not reach the end of the boot");
  return not_met(expected, fmt::format("it did not; {} other messages did", n_messages_));
}

void BootsAllTheSame::see(const model::Step& step) {
  const auto* observation = std::get_if<wire::Observation>(&step.event->body);
  if (observation != nullptr && observation->subject == "booted" && !booted_) booted_ = step.line;
}

bool BootsAllTheSame::applies(const model::Boot& boot) const {
  const model::Credential& credential = boot.credential();
  switch (which_) {
    case Credential::kMissing:
      return !credential.given() && boot.n_messages() == 0;
    case Credential::kMalformed:
      return credential.malformed();
    case Credential::kUndeliverable:
      return boot.n_messages() == 0 && credential.vsock_address() != nullptr && credential.unpromised();
  }
  return false;
}

Finding BootsAllTheSame::conclude(const model::Boot& boot) const {
  if (!applies(boot)) return not_applicable(fmt::format("this is no boot {}", words(which_)));
  if (!booted_ && !boot.gave_up()) return not_applicable("nobody asked the system whether it had booted");
  const std::string expected = fmt::format("the system boots {}", words(which_));
  if (!booted_) return not_met(expected, "it had not by the deadline");
  return met(expected, fmt::format("it said so on line {}", *booted_), {*booted_});
}

}  // namespace notifyspec::verdict
