#include "model/boot.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/exam.h"
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

/// What no manager says before it knows the system that it manages.
FieldMask words_of_a_system() {
  static const FieldMask mask = mask_of("X_SYSTEMD_HOSTNAME") | mask_of("X_SYSTEMD_MACHINE_ID") |
                                mask_of("X_SYSTEMD_UNIT_ACTIVE") | mask_of("X_SYSTEMD_UNIT_INACTIVE");
  return mask;
}

/// Ports below this one are for privileged processes: sd_notify(3), Description.
constexpr std::uint32_t kFirstUnprivilegedPort = 1024;

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

Boot::Boot(wire::TraceHeader header, int systemd)
    : header_(std::move(header)), systemd_(systemd), credential_(systemd) {}

ManagerKind Boot::manager() const {
  return header_.vantage == "user" ? ManagerKind::kUser : ManagerKind::kSystem;
}

const Step& Boot::advance(const wire::Event& event, std::size_t line) {
  fields_.clear();
  step_.event = &event;
  step_.line = line;
  step_.message = nullptr;
  step_.stranger = nullptr;
  step_.ended = nullptr;
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

std::optional<std::string> Boot::deaf() const {
  if (header_.vantage != "vm" || n_messages_ > 0) return std::nullopt;
  return credential_.unpromised();
}

bool Boot::is_stranger(const wire::Message& message) const {
  if (is_exam(message)) return true;
  if (message.peer_port) return *message.peer_port >= kFirstUnprivilegedPort;
  return header_.manager_pid && message.pid && *message.pid != *header_.manager_pid;
}

void Boot::take(const wire::Message& message) {
  if (is_stranger(message)) {
    step_.stranger = &message;
    ++n_strangers_;
    return;
  }
  step_.message = &message;
  ++n_messages_;
  read_fields(message);
  follow_lives();
  static const FieldMask kReady = mask_of("READY");
  if (!course_.ready_line && !step_.in_initrd && step_.value(kReady) == "1") course_.ready_line = step_.line;
}

void Boot::read_fields(const wire::Message& message) {
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
}

void Boot::follow_lives() {
  if (new_life_due_ && (step_.mask & first_words()) != 0) {
    new_life_due_ = false;
    ++step_.life;
  }
  if (!step_.in_initrd) return;
  static const FieldMask kReloading = mask_of("RELOADING");
  static const FieldMask kReady = mask_of("READY");
  if (step_.value(kReloading) == "1") {
    leaves_initrd_ = true;
    ++step_.life;
  } else if (step_.value(kReady) == "1") {
    leaves_initrd_ = false;
  } else if (leaves_initrd_ && (step_.mask & words_of_a_system()) != 0) {
    step_.in_initrd = false;
  }
}

void Boot::take(const wire::Action& action) {
  credential_.take(action);
  if (action.action == "deadline") gave_up_ = true;
  if (action.action == "listen") heard_late_ = true;
  if (action.action == "soft-reboot") new_life_due_ = true;
  if (action.action == "power-button") course_.shutdown = ShutdownRequest{"poweroff", {}, step_.line};
  if (is_shutdown_verb(action.action))
    course_.shutdown = ShutdownRequest{action.action, action.argument, step_.line};
  if (action.action != "signal" || !action.argument) return;
  const SignalEffect* effect = find_signal(manager(), *action.argument);
  if (effect == nullptr) return;
  if (effect->kind == EffectKind::kSoftReboot) new_life_due_ = true;
  if (effect->kind == EffectKind::kShutdown)
    course_.shutdown = ShutdownRequest{std::string(effect->detail), std::nullopt, step_.line};
}

void Boot::take(const wire::Phase& phase) {
  if (phase.phase == wire::PhaseName::kStarted && std::exchange(started_, true)) begin_boot();
  if (phase.phase == wire::PhaseName::kGone) course_.gone = true;
  if (phase.phase == wire::PhaseName::kReady) course_.was_ready = true;
}

void Boot::begin_boot() {
  ended_ = std::exchange(course_, Course{});
  ended_.gone = true;
  step_.ended = &ended_;
  ++step_.life;
  step_.in_initrd = false;
  new_life_due_ = false;
  leaves_initrd_ = false;
}

void Boot::take(const wire::Observation& observation) {
  credential_.take(observation);
  if (observation.subject == "refused") refused_ = true;
  if (observation.subject == "booted") booted_ = true;
  if (observation.subject == "switched-root") step_.in_initrd = false;
  if (observation.subject == "initrd") {
    step_.in_initrd = true;
    // A READY=1 that came before the first unit of the initrd told of itself is the initrd's, too.
    course_.ready_line.reset();
  }
}

}  // namespace notifyspec::model
