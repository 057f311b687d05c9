#include "verdict/field_rules.h"

#include <fmt/format.h>

#include "field/value.h"

namespace notifyspec::verdict {
namespace {

Finding never_sent(const std::string& field) {
  return not_applicable(fmt::format("{} was never sent", field));
}

}  // namespace

void SentBeforeReady::see(const model::Step& step) {
  if (step.ended != nullptr) {
    if (!first_) first_ = breach(*step.ended, step.ended->cut_short());
    if (line_) earlier_ = line_;
    line_.reset();
  }
  if (value(step) && !line_) line_ = step.line;
}

std::optional<SentBeforeReady::Breach> SentBeforeReady::breach(const model::Course& course,
                                                               bool cut_short) const {
  const auto ready = course.ready_line;
  if (line_ && ready && *ready < *line_)
    return Breach{fmt::format("it came on line {}, after READY=1 on line {}", *line_, *ready),
                  {*ready, *line_}};
  if (line_ || (!ready && cut_short)) return std::nullopt;
  return Breach{"it was never sent", {}};
}

Finding SentBeforeReady::conclude(const model::Boot& boot) const {
  const std::string expected = fmt::format("{}= is sent before READY=1", field());
  if (boot.refused()) return not_applicable("this boot was meant to be refused");
  const auto found = first_ ? first_ : breach(boot.course(), boot.cut_short());
  if (found && !found->lines.empty()) return not_met(expected, found->seen, found->lines);
  if (found)
    return not_met(expected, fmt::format("{}; the manager sent {} messages", found->seen, boot.n_messages()));
  if (const auto line = line_ ? line_ : earlier_)
    return met(expected, fmt::format("sent on line {}", *line), {*line});
  return not_applicable("the boot was ended before it was ready");
}

void ValidValues::see(const model::Step& step) {
  const auto text = value(step);
  if (!text) return;
  const auto parsed = field::parse_value(field::find(field())->type, *text);
  if (parsed) return valid_.add(step.line);
  if (invalid_.empty()) {
    first_invalid_ = quoted(*text);
    reason_ = parsed.error().reason;
  }
  invalid_.add(step.line);
}

Finding ValidValues::conclude(const model::Boot&) const {
  const auto type = name(field::find(field())->type);
  const std::string expected = fmt::format("every {}= is a valid {}", field(), type);
  if (!invalid_.empty())
    return not_met(expected, fmt::format("{} is {}", first_invalid_, reason_), invalid_.first());
  if (valid_.empty()) return never_sent(field());
  return met(expected, fmt::format("{} of {} are", valid_.count(), valid_.count()), valid_.first());
}

void AtLeast::see(const model::Step& step) {
  const auto text = value(step);
  if (!text) return;
  const auto parsed = field::parse_value(field::ValueType::kUnsigned, *text);
  if (!parsed) return;
  if (std::get<std::uint64_t>(*parsed) >= least_) return enough_.add(step.line);
  if (less_.empty()) first_less_ = *text;
  less_.add(step.line);
}

Finding AtLeast::conclude(const model::Boot&) const {
  const std::string expected = fmt::format("{}= is {} or more", field(), least_);
  if (!less_.empty()) return not_met(expected, fmt::format("it is {}", first_less_), less_.first());
  if (enough_.empty()) return not_applicable(fmt::format("no {}= with a number was sent", field()));
  return met(expected, "it is", enough_.first());
}

void MatchesSystem::see(const model::Step& step) {
  constexpr std::size_t kMostValues = 8;
  if (const auto* action = std::get_if<wire::Action>(&step.event->body))
    changed_ |= action->action == changed_by_;
  const auto text = value(step);
  if (text && !changed_ && values_.size() < kMostValues) values_.try_emplace(std::string(*text), step.line);
}

Finding MatchesSystem::conclude(const model::Boot& boot) const {
  const auto& fact = boot.header().*fact_;
  if (!fact) return not_applicable("the trace does not hold what the booted system says");
  if (values_.empty()) return never_sent(field());
  const std::string expected = fmt::format("{}= is {}, as the booted system says", field(), quoted(*fact));
  for (const auto& [text, line] : values_)
    if (text != *fact) return not_met(expected, fmt::format("it is {}", quoted(text)), {line});
  return met(expected, "it is", {values_.begin()->second});
}

void OncePerLife::see(const model::Step& step) {
  if (!value(step)) return;
  ++count_;
  if (last_life_ == step.life) repeated_.add(step.line);
  last_life_ = step.life;
}

Finding OncePerLife::conclude(const model::Boot&) const {
  const std::string expected = fmt::format("{}= comes once in each life of the manager", field());
  if (count_ == 0) return never_sent(field());
  if (!repeated_.empty())
    return not_met(expected, fmt::format("it was repeated {} times", repeated_.count()), repeated_.first());
  return met(expected, fmt::format("it came {} times in as many lives", count_));
}

void SilentAfterAction::see(const model::Step& step) {
  if (const auto* action = std::get_if<wire::Action>(&step.event->body); action && action->action == action_)
    life_of_action_ = step.life;
  if (value(step) && life_of_action_ == step.life) spoken_.add(step.line);
}

Finding SilentAfterAction::conclude(const model::Boot&) const {
  const std::string expected = fmt::format("no {}= after {}", field(), action_);
  if (!life_of_action_) return not_applicable(fmt::format("no {} in this trace", action_));
  if (!spoken_.empty())
    return not_met(expected, fmt::format("it was sent {} times", spoken_.count()), spoken_.first());
  return met(expected, "none came");
}

BeforeUnits::BeforeUnits(std::initializer_list<std::string_view> fields)
    : units_(model::mask_of("X_SYSTEMD_UNIT_ACTIVE") | model::mask_of("X_SYSTEMD_UNIT_INACTIVE")) {
  for (const std::string_view field : fields) {
    fields_ |= model::mask_of(field);
    if (!names_.empty()) names_ += " and ";
    names_ += field;
  }
}

model::FieldMask BeforeUnits::interest() const {
  return fields_ | units_;
}

void BeforeUnits::see(const model::Step& step) {
  if (step.life != life_) {
    life_ = step.life;
    seen_ = 0;
    units_seen_ = false;
  }
  if ((step.mask & fields_) != 0) any_ = true;
  seen_ |= step.mask & fields_;
  if ((step.mask & units_) == 0 || units_seen_) return;
  units_seen_ = true;
  (seen_ == fields_ ? checked_ : late_).add(step.line);
}

Finding BeforeUnits::conclude(const model::Boot&) const {
  const std::string expected = fmt::format("{} come before the first unit in each life", names_);
  if (!any_) return not_applicable(fmt::format("{} never came", names_));
  if (late_.empty() && checked_.empty()) return not_applicable("no unit was reported");
  if (!late_.empty())
    return not_met(expected, fmt::format("the unit on line {} came first", late_.first()[0]), late_.first());
  return met(expected, "they do", checked_.first());
}

AloneInMessage::AloneInMessage()
    : mask_(model::mask_of("X_SYSTEMD_HOSTNAME") | model::mask_of("X_SYSTEMD_MACHINE_ID") |
            model::mask_of("X_SYSTEMD_SIGNALS_LEVEL") | model::mask_of("X_SYSTEMD_UNIT_ACTIVE") |
            model::mask_of("X_SYSTEMD_UNIT_INACTIVE")) {}

void AloneInMessage::see(const model::Step& step) {
  if ((step.mask & mask_) == 0) return;
  if (step.n_assignments == 1)
    ++alone_;
  else
    in_company_.add(step.line);
}

Finding AloneInMessage::conclude(const model::Boot&) const {
  const std::string expected = "each extension field of the boot has a message of its own";
  if (!in_company_.empty())
    return not_met(expected, fmt::format("{} messages have company", in_company_.count()),
                   in_company_.first());
  if (alone_ == 0) return not_applicable("no extension field was sent");
  return met(expected, fmt::format("{} messages of one assignment", alone_));
}

}  // namespace notifyspec::verdict
