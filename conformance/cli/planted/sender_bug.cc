#include "cli/planted/sender_bug.h"

#include <algorithm>

#include "os/notifier.h"
#include "os/null_fds.h"

namespace notifyspec::cli {

using Returned = SenderCalls::Returned;

Returned ReferenceCalls::notify(const NotifyCall& call, int child) {
  const auto fds = os::NullFds::open(call.fds);
  if (!fds) return std::unexpected(fds.error().reason);
  return os::notify({.state = call.state,
                     .fds = fds->all(),
                     .on_behalf_of = child,
                     .unset_environment = call.unset_environment});
}

Returned ReferenceCalls::barrier(const BarrierCall& call) {
  return os::notify_barrier(call.unset_environment, call.timeout_usec);
}

Returned ReferenceCalls::reloading(const ReloadingCall& call) {
  return os::notify_reloading(call.unset_environment);
}

Returned ReferenceCalls::notify_at(const wire::UnixAddress& address, const NotifyCall& call, int child) {
  const auto fds = os::NullFds::open(call.fds);
  if (!fds) return std::unexpected(fds.error().reason);
  return os::notify_at(address, {.state = call.state, .fds = fds->all(), .on_behalf_of = child});
}

std::vector<const SenderBug*> sender_bugs() {
  std::vector<const SenderBug*> all;
  for (const auto table : {message_bugs(), address_bugs(), call_bugs()})
    for (const SenderBug& bug : table) all.push_back(&bug);
  return all;
}

const SenderBug* find_sender_bug(std::string_view name) {
  const auto all = sender_bugs();
  const auto found = std::ranges::find(all, name, &SenderBug::name);
  return found == all.end() ? nullptr : *found;
}

std::string Sender::name() const {
  return bug_.name.empty() ? "notifyspec" : "notifyspec send " + std::string(bug_.name);
}

std::string Sender::version() const {
  return NOTIFYSPEC_VERSION;
}

Returned Sender::notify(const NotifyCall& call, int child) {
  NotifyCall changed = call;
  if (bug_.state != nullptr) bug_.state(changed.state);
  if (bug_.call != nullptr) bug_.call(changed);
  return returned((bug_.notify != nullptr ? bug_.notify : ReferenceCalls::notify)(changed, child));
}

Returned Sender::barrier(const BarrierCall& call) {
  return returned((bug_.barrier != nullptr ? bug_.barrier : ReferenceCalls::barrier)(call));
}

Returned Sender::reloading(const ReloadingCall& call) {
  return returned((bug_.reloading != nullptr ? bug_.reloading : ReferenceCalls::reloading)(call));
}

Returned Sender::returned(Returned value) const {
  if (value && bug_.returned != nullptr) return bug_.returned(*value);
  return value;
}

}  // namespace notifyspec::cli
