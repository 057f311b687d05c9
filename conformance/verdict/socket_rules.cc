#include "verdict/socket_rules.h"

#include <fmt/format.h>

namespace notifyspec::verdict {
Finding SocketConsumed::conclude(const model::Boot& boot) const {
  const std::string expected = "the manager sends to the address in $NOTIFY_SOCKET";
  if (boot.n_messages() == 0 && boot.refused()) return not_applicable("this boot was meant to be refused");
  if (boot.n_messages() == 0)
    return not_met(expected,
                   fmt::format("not one message came from it, {} from other processes", boot.n_strangers()));
  return met(expected, fmt::format("{} messages came from it", boot.n_messages()));
}

void SocketNotInherited::see(const model::Step& step) {
  if (const auto* action = std::get_if<wire::Action>(&step.event->body);
      action && action->action == "notify-socket")
    supervisor_ = action->argument;
  const auto* observation = std::get_if<wire::Observation>(&step.event->body);
  if (observation == nullptr) return;
  if (observation->subject != "notify-socket" && observation->subject != "manager-environment") return;
  asked_.add(step.line);
  if (observation->value == supervisor_) inherited_.add(step.line);
}

Finding SocketNotInherited::conclude(const model::Boot&) const {
  const std::string expected = "no service finds the supervisor's address in its environment";
  if (!supervisor_ || asked_.empty()) return not_applicable("no service was asked in this trace");
  if (!inherited_.empty())
    return not_met(expected, fmt::format("it is {}", quoted(*supervisor_)), inherited_.first());
  return met(expected, fmt::format("asked {} times, none did", asked_.count()), asked_.first());
}

}  // namespace notifyspec::verdict
