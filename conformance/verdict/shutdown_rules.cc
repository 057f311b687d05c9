#include "verdict/shutdown_rules.h"

#include <fmt/format.h>

#include <utility>

#include "field/value.h"

namespace notifyspec::verdict {

void LastWord::see(const model::Step& step) {
  if (step.ended != nullptr) {
    const bool keep = !earlier_ || earlier_->outcome != Outcome::kNotMet;
    if (keep && step.ended->shutdown)
      if (Finding finding = on(*step.ended->shutdown); finding.outcome != Outcome::kNotApplicable)
        earlier_ = std::move(finding);
    word_.reset();
  }
  if (const auto text = step.value(mask_)) word_ = Word{std::string(*text), step.line};
}

Finding LastWord::conclude(const model::Boot& boot) const {
  Finding finding = last(boot);
  if (!earlier_ || finding.outcome == Outcome::kNotMet) return finding;
  if (earlier_->outcome == Outcome::kNotMet || finding.outcome == Outcome::kNotApplicable) return *earlier_;
  finding.lines.insert(finding.lines.begin(), earlier_->lines.begin(), earlier_->lines.end());
  return finding;
}

Finding LastWord::last(const model::Boot& boot) const {
  const model::Course& course = boot.course();
  if (!course.shutdown) return not_applicable("no shutdown was asked for in this trace");
  if (boot.gave_up()) return not_met("the shutdown comes to its end", "not before the deadline");
  if (!course.gone) return not_applicable("the trace does not reach the end of the shutdown");
  return on(*course.shutdown);
}

Finding LastWord::must_be(std::string_view value) const {
  const std::string expected = fmt::format("{}={} is sent as the system shuts down", field_, value);
  if (!word_) return not_met(expected, "it was never sent");
  if (word_->value != value)
    return not_met(expected, fmt::format("it is {}", quoted(word_->value)), {word_->line});
  return met(expected, "it was", {word_->line});
}

Finding LastWord::must_be_valid(const std::string& expected) const {
  if (!word_) return not_met(expected, "it was never sent");
  const field::Field* row = field::find(field_);
  if (const auto parsed = field::parse_value(row->type, word_->value); !parsed)
    return not_met(expected, fmt::format("{} is {}", quoted(word_->value), parsed.error().reason),
                   {word_->line});
  return met(expected, fmt::format("it is {}", word_->value), {word_->line});
}

Finding ExitStatus::on(const model::ShutdownRequest& shutdown) const {
  const auto& status = shutdown.argument;
  if (shutdown.verb == "exit" && status) return must_be(*status);
  return must_be_valid("EXIT_STATUS= is sent as the manager ends");
}

Finding ShutdownVerb::on(const model::ShutdownRequest& shutdown) const {
  if (shutdown.verb == "exit") return not_applicable("the text lists no word for an exit");
  if (!shutdown.verb.empty()) return must_be(shutdown.verb);
  return must_be_valid("X_SYSTEMD_SHUTDOWN= names the kind of shutdown");
}

Finding RebootParameter::on(const model::ShutdownRequest& shutdown) const {
  if (shutdown.verb != "reboot" || !shutdown.argument) return not_applicable("no reboot argument was given");
  return must_be(*shutdown.argument);
}

NothingAfterEnd::NothingAfterEnd()
    : exit_status_(model::mask_of("EXIT_STATUS")),
      end_(model::mask_of("X_SYSTEMD_SHUTDOWN") | exit_status_) {}

void NothingAfterEnd::see(const model::Step& step) {
  if (step.ended != nullptr) line_.reset();
  if (step.message == nullptr) return;
  // As an exit ends, the container's PID 1 was seen to say its EXIT_STATUS once more, alone.
  const bool repetition = step.mask == exit_status_ && step.n_assignments == 1;
  if (line_ && !repetition) after_.add(step.line);
  if ((step.mask & end_) == 0 || line_) return;
  line_ = step.line;
  ends_.add(step.line);
}

Finding NothingAfterEnd::conclude(const model::Boot&) const {
  const std::string expected =
      "no message comes after the one that reports the end, but for a repeated EXIT_STATUS=";
  if (ends_.empty()) return not_applicable("no message reports the end");
  if (!after_.empty()) return not_met(expected, fmt::format("{} came", after_.count()), after_.first());
  return met(expected, "none came", ends_.first());
}

}  // namespace notifyspec::verdict
