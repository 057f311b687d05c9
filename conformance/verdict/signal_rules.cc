#include "verdict/signal_rules.h"

#include <fmt/format.h>

#include <utility>

#include "field/value.h"

namespace notifyspec::verdict {

using model::EffectKind;

// A message over vsock has no time stamp of its sending: it is known when it arrived, which is later.
LevelBeforeProcesses::LevelBeforeProcesses(const wire::TraceHeader& header)
    : level_(model::mask_of("X_SYSTEMD_SIGNALS_LEVEL")),
      slack_usec_(header.transport.starts_with("vsock") ? 50'000 : 0) {}

void LevelBeforeProcesses::see(const model::Step& step) {
  if (step.ended != nullptr) {
    if (Finding finding = on_this_boot(); !earlier_ && finding.outcome == Outcome::kNotMet)
      earlier_ = std::move(finding);
    first_life_ = step.life;
    sent_.reset();
    processes_.clear();
  }
  if (step.life != first_life_) return;
  if (!sent_ && step.value(level_)) sent_ = Moment{step.event->t_usec, step.line};
  const auto* observation = std::get_if<wire::Observation>(&step.event->body);
  if (observation == nullptr || observation->subject != "process") return;
  if (observation->value != "generator" && observation->value != "unit") return;
  const Moment now{step.event->t_usec, step.line};
  const auto [place, first] = processes_.try_emplace(observation->value, now);
  if (!first && now.t_usec < place->second.t_usec) place->second = now;
}

Finding LevelBeforeProcesses::conclude(const model::Boot&) const {
  return earlier_ ? *earlier_ : on_this_boot();
}

Finding LevelBeforeProcesses::on_this_boot() const {
  const std::string expected =
      "X_SYSTEMD_SIGNALS_LEVEL= is sent before the manager starts any further process";
  if (!sent_) return not_applicable("X_SYSTEMD_SIGNALS_LEVEL was never sent");
  if (processes_.empty()) return not_applicable("no planted process was observed to start");
  std::string seen;
  for (const auto& [what, start] : processes_) {
    const double ms = static_cast<double>(start.t_usec - sent_->t_usec) / 1000;
    if (ms < 0 && sent_->t_usec - start.t_usec <= slack_usec_)
      return not_applicable(fmt::format(
          "a {} ran {:.3f} ms before the message arrived, and it is not known when it was sent", what, -ms));
    if (ms < 0)
      return not_met(expected, fmt::format("a {} ran {:.3f} ms before it", what, -ms),
                     {start.line, sent_->line});
    seen += fmt::format("{}{:.3f} ms before the first {}", seen.empty() ? "" : ", ", ms, what);
  }
  return met(expected, seen, {sent_->line});
}

SignalsWork::SignalsWork(const wire::TraceHeader& header)
    : manager_(header.vantage == "user" ? model::ManagerKind::kUser : model::ManagerKind::kSystem),
      level_(model::mask_of("X_SYSTEMD_SIGNALS_LEVEL")),
      ready_(model::mask_of("READY")),
      reloading_(model::mask_of("RELOADING")) {}

void SignalsWork::see(const model::Step& step) {
  if (step.ended != nullptr)
    for (Sent& sent : sent_) sent.worked |= sent.effect->kind == EffectKind::kShutdown && sent.answered;
  if (const auto* action = std::get_if<wire::Action>(&step.event->body)) {
    if (action->action == "signal" && action->argument) send(*action->argument, step);
    return;
  }
  if (const auto* observation = std::get_if<wire::Observation>(&step.event->body))
    return observe(*observation);
  hear(step);
}

void SignalsWork::send(const std::string& signal, const model::Step& step) {
  constexpr std::size_t kMostSignals = 256;
  const auto* effect = model::find_signal(manager_, signal);
  if (!announced_ || effect == nullptr) return;
  if (sent_.size() == kMostSignals)
    ++not_tracked_;
  else
    sent_.push_back({effect, step.line, step.life});
}

void SignalsWork::hear(const model::Step& step) {
  if (step.message == nullptr) return;
  if (const auto text = step.value(level_)) {
    const auto parsed = field::parse_value(field::ValueType::kUnsigned, *text);
    announced_ |= parsed && std::get<std::uint64_t>(*parsed) >= 2;
  }
  const bool reloading = step.value(reloading_) == "1";
  const bool ready = step.value(ready_) == "1";
  const bool level = (step.mask & level_) != 0;
  for (Sent& sent : sent_) {
    // A process that a signal merely kills says nothing after it.
    sent.answered = true;
    if (sent.effect->kind == EffectKind::kReexec) sent.worked |= ready || level;
    if (sent.effect->kind == EffectKind::kReload) {
      sent.reloading |= reloading;
      sent.worked |= ready && sent.reloading;
    }
    if (sent.effect->kind == EffectKind::kSoftReboot) sent.worked |= ready && step.life > sent.life;
  }
}

void SignalsWork::observe(const wire::Observation& observation) {
  if (observation.subject != "signal-effect") return;
  for (Sent& sent : sent_)
    if (sent.effect->kind == EffectKind::kProperty &&
        observation.value == fmt::format("{} {}", sent.effect->signal, sent.effect->detail))
      sent.worked = true;
}

Finding SignalsWork::conclude(const model::Boot& boot) const {
  const std::string expected = "every signal sent after X_SYSTEMD_SIGNALS_LEVEL=2 has its documented effect";
  if (!announced_) return not_applicable("level 2 was never announced");
  if (sent_.empty()) return not_applicable("no signal was sent in this trace");
  std::string failed, worked;
  Lines lines;
  for (const Sent& sent : sent_) {
    const bool ended = sent.effect->kind == EffectKind::kShutdown && sent.answered && boot.course().gone;
    if (sent.worked || ended) {
      worked += fmt::format("{}{}", worked.empty() ? "" : " ", sent.effect->signal);
      continue;
    }
    failed +=
        fmt::format("{}{} ({}{}{})", failed.empty() ? "" : ", ", sent.effect->signal, name(sent.effect->kind),
                    sent.effect->detail.empty() ? "" : " ", sent.effect->detail);
    lines.add(sent.line);
  }
  if (!failed.empty()) return not_met(expected, fmt::format("without effect: {}", failed), lines.first());
  if (not_tracked_ > 0) return inconclusive(fmt::format("{} signals more than are tracked", not_tracked_));
  return met(expected, worked);
}

}  // namespace notifyspec::verdict
