#include "model/boot.h"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/assignment.h"
#include "wire/datagram.h"

namespace notifyspec::model {
namespace {

/// The fields with which a manager begins to speak; each of them opens a life that is due.
FieldMask first_words() {
  static const FieldMask mask = mask_of("RELOADING") | mask_of("X_SYSTEMD_HOSTNAME") |
                                mask_of("X_SYSTEMD_MACHINE_ID") | mask_of("X_SYSTEMD_SIGNALS_LEVEL");
  return mask;
}

bool is_shutdown_verb(std::string_view action) {
  constexpr auto kVerbs = std::to_array<std::string_view>({"halt", "poweroff", "reboot", "kexec", "exit"});
  return std::ranges::find(kVerbs, action) != kVerbs.end();
}

}  // namespace

FieldMask mask_of(std::string_view name) {
  const field::Field* row = field::find(name);
  return row == nullptr ? 0 : FieldMask{1} << (row - field::fields().data());
}

std::optional<std::string_view> Step::value(FieldMask wanted) const {
  const auto found =
      std::ranges::find_if(fields, [&](const KnownField& known) { return (known.bit & wanted) != 0; });
  if (found == fields.end()) return std::nullopt;
  return found->value;
}

Boot::Boot(wire::TraceHeader header, int systemd) : header_(std::move(header)), systemd_(systemd) {}

ManagerKind Boot::manager() const {
  return header_.vantage == "user" ? ManagerKind::kUser : ManagerKind::kSystem;
}

const Step& Boot::advance(const wire::Event& event, std::size_t line) {
  fields_.clear();
  step_.event = &event;
  step_.line = line;
  step_.message = nullptr;
  step_.fields = {};
  step_.mask = 0;
  step_.n_assignments = 0;
  if (header_.transactions)
    while (step_.transaction + 1 < header_.transactions->size() &&
           event.t_usec >= (*header_.transactions)[step_.transaction + 1].t_usec)
      ++step_.transaction;
  std::visit([&](const auto& body) { take(body); }, event.body);
  return step_;
}

void Boot::take(const wire::Message& message) {
  if (header_.manager_pid && message.pid && *message.pid != *header_.manager_pid) {
    ++n_strangers_;
    return;
  }
  step_.message = &message;
  ++n_messages_;
  const auto payload = wire::payload(message.data);
  if (!payload || message.truncated) return;
  for (const wire::Assignment& assignment : wire::split_assignments(*payload)) {
    if (assignment.line.empty()) continue;
    ++step_.n_assignments;
    if (!assignment.assigned) continue;
    const field::Field* row = field::find(assignment.name);
    if (row == nullptr) continue;
    const FieldMask bit = FieldMask{1} << (row - field::fields().data());
    fields_.push_back({row, bit, assignment.value});
    step_.mask |= bit;
  }
  step_.fields = fields_;
  if (new_life_due_ && (step_.mask & first_words()) != 0) {
    new_life_due_ = false;
    ++step_.life;
  }
  static const FieldMask kReady = mask_of("READY");
  if (!ready_line_ && (step_.mask & kReady) != 0 && step_.value(kReady) == "1") ready_line_ = step_.line;
}

void Boot::take(const wire::Action& action) {
  if (action.action == "deadline") gave_up_ = true;
  if (action.action == "soft-reboot") new_life_due_ = true;
  if (is_shutdown_verb(action.action))
    shutdown_ = ShutdownRequest{action.action, action.argument, step_.line};
  if (action.action != "signal" || !action.argument) return;
  const SignalEffect* effect = find_signal(manager(), *action.argument);
  if (effect == nullptr) return;
  if (effect->kind == EffectKind::kSoftReboot) new_life_due_ = true;
  if (effect->kind == EffectKind::kShutdown)
    shutdown_ = ShutdownRequest{std::string(effect->detail), std::nullopt, step_.line};
}

void Boot::take(const wire::Phase& phase) {
  if (phase.phase == wire::PhaseName::kGone) gone_ = true;
  if (phase.phase == wire::PhaseName::kReady) was_ready_ = true;
}

void Boot::take(const wire::Observation& observation) {
  if (observation.subject == "refused") refused_ = true;
}

}  // namespace notifyspec::model
