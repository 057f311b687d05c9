#include "verdict/ready_rules.h"

#include <fmt/format.h>

#include "field/value.h"
#include "model/signal.h"

namespace notifyspec::verdict {

void ReadySent::see(const model::Step& step) {
  if (step.ended != nullptr && !step.ended->ready_line && !step.ended->cut_short()) without_.add(step.line);
}

Finding ReadySent::conclude(const model::Boot& boot) const {
  const std::string expected = "READY=1 is sent once start-up is finished";
  if (boot.refused()) return not_applicable("this boot was meant to be refused");
  if (!without_.empty())
    return not_met(expected, "a boot ended without one, and nobody had asked it to", without_.first());
  if (const auto line = boot.course().ready_line)
    return met(expected, fmt::format("sent on line {}", *line), {*line});
  if (boot.gave_up()) return not_met(expected, "none came before the deadline");
  if (boot.cut_short()) return not_applicable("the boot was ended before it was ready");
  return not_met(expected, fmt::format("none among {} messages of the manager; {} came from other processes",
                                       boot.n_messages(), boot.n_strangers()));
}

ReadyHeldBack::ReadyHeldBack() : ready_(model::mask_of("READY")) {}

void ReadyHeldBack::see(const model::Step& step) {
  if (const auto* action = std::get_if<wire::Action>(&step.event->body)) {
    if (action->action == "hold") hold_ = step.line;
    if (action->action == "release") release_ = step.line;
  }
  if (step.value(ready_) != "1" || !hold_) return;
  if (!release_)
    too_early_.add(step.line);
  else if (!ready_after_)
    ready_after_ = step.line;
}

Finding ReadyHeldBack::conclude(const model::Boot&) const {
  const std::string expected =
      "no READY=1 while a oneshot of the default transaction still runs, and one after it";
  if (!hold_) return not_applicable("no start-up was held open in this trace");
  if (!too_early_.empty())
    return not_met(expected, "READY=1 came while it was held open", too_early_.first());
  if (!release_) return inconclusive("the start-up was held open and never released");
  if (!ready_after_) return not_met(expected, "no READY=1 after it was released", {*release_});
  return met(expected, fmt::format("released on line {}, READY=1 on line {}", *release_, *ready_after_),
             {*release_, *ready_after_});
}

ReloadRule::ReloadRule(const wire::TraceHeader& header)
    : manager_(header.vantage == "user" ? model::ManagerKind::kUser : model::ManagerKind::kSystem),
      reloading_(model::mask_of("RELOADING")),
      ready_(model::mask_of("READY")) {}

bool ReloadRule::asks(const model::Step& step) const {
  const auto* action = std::get_if<wire::Action>(&step.event->body);
  if (action == nullptr) return false;
  if (action->action == "daemon-reload") return true;
  if (action->action != "signal" || !action->argument) return false;
  const auto* effect = model::find_signal(manager_, *action->argument);
  return effect != nullptr && effect->kind == model::EffectKind::kReload;
}

void ReloadAnnounced::see(const model::Step& step) {
  if (step.ended != nullptr) end(*step.ended);
  // One announcement may answer several requests: signals that wait are one.
  if (asks(step) && !asked_) asked_ = step.line;
  if (reloading(step)) {
    if (announced_) silent_.add(*announced_);
    announced_ = step.line;
    asked_.reset();
  }
  if (ready(step) && announced_) {
    announced_.reset();
    ++complete_;
  }
}

void ReloadAnnounced::end(const model::Course& course) {
  // A shutdown may overtake a reload: nothing says that either message then still comes.
  if (asked_ && !course.shutdown) silent_.add(*asked_);
  if (announced_ && !course.shutdown) silent_.add(*announced_);
  asked_.reset();
  announced_.reset();
}

Finding ReloadAnnounced::conclude(const model::Boot& boot) const {
  const std::string expected = "a reload is announced by RELOADING=1, which READY=1 follows";
  Lines silent = silent_;
  if (asked_ && !boot.course().shutdown) silent.add(*asked_);
  if (announced_ && !boot.course().shutdown) silent.add(*announced_);
  if (!silent.empty())
    return not_met(expected, fmt::format("{} times it was not", silent.count()), silent.first());
  if (complete_ == 0) return not_applicable("no reload in this trace");
  return met(expected, fmt::format("{} times", complete_));
}

ReloadTimed::ReloadTimed(const wire::TraceHeader& header)
    : ReloadRule(header),
      monotonic_(model::mask_of("MONOTONIC_USEC")),
      same_clock_(header.vantage != "vm"),
      t0_usec_(header.t0_monotonic_usec) {}

void ReloadTimed::see(const model::Step& step) {
  if (asks(step)) asked_usec_ = t0_usec_ + step.event->t_usec;
  if (!reloading(step)) return;
  const auto breach = [&](std::string what) {
    if (untimed_.empty()) first_ = std::move(what);
    untimed_.add(step.line);
  };
  const auto text = step.value(monotonic_);
  if (!text) return breach("it has none");
  const auto parsed = field::parse_value(field::ValueType::kUsec, *text);
  if (!parsed) return breach(fmt::format("{} is {}", quoted(*text), parsed.error().reason));
  const auto usec = std::get<std::uint64_t>(*parsed);
  const auto sent_usec = static_cast<std::uint64_t>(t0_usec_ + step.event->t_usec);
  if (same_clock_ && (usec > sent_usec || usec < static_cast<std::uint64_t>(asked_usec_)))
    return breach(fmt::format("{} is not between the request at {} and the sending at {}", usec, asked_usec_,
                              sent_usec));
  ++timed_;
}

Finding ReloadTimed::conclude(const model::Boot&) const {
  const std::string expected = "RELOADING=1 has the MONOTONIC_USEC= of its making in the same message";
  if (!untimed_.empty()) return not_met(expected, first_, untimed_.first());
  if (timed_ == 0) return not_applicable("no RELOADING=1 in this trace");
  return met(expected, fmt::format("{} times", timed_));
}

}  // namespace notifyspec::verdict
