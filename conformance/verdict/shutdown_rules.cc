#include "verdict/shutdown_rules.h"

#include <fmt/format.h>

#include "field/value.h"

namespace notifyspec::verdict {

void LastWord::see(const model::Step& step) {
  if (const auto text = step.value(mask_)) word_ = Word{std::string(*text), step.line};
}

std::optional<Finding> LastWord::not_ended(const model::Boot& boot) {
  if (!boot.shutdown()) return not_applicable("no shutdown was asked for in this trace");
  if (!boot.gone()) return not_applicable("the trace does not reach the end of the shutdown");
  return std::nullopt;
}

Finding LastWord::must_be(std::string_view value) const {
  const std::string expected = fmt::format("{}={} is sent as the system shuts down", field_, value);
  if (!word_) return not_met(expected, "it was never sent");
  if (word_->value != value)
    return not_met(expected, fmt::format("it is {}", quoted(word_->value)), {word_->line});
  return met(expected, "it was", {word_->line});
}

Finding ExitStatus::conclude(const model::Boot& boot) const {
  if (auto finding = not_ended(boot)) return *finding;
  if (boot.shutdown()->verb == "exit" && boot.shutdown()->argument)
    return must_be(*boot.shutdown()->argument);
  const std::string expected = "EXIT_STATUS= is sent as the manager ends";
  if (!word()) return not_met(expected, "it was never sent");
  if (const auto parsed = field::parse_value(field::ValueType::kExitStatus, word()->value); !parsed)
    return not_met(expected, fmt::format("{} is {}", quoted(word()->value), parsed.error().reason),
                   {word()->line});
  return met(expected, fmt::format("it is {}", word()->value), {word()->line});
}

Finding ShutdownVerb::conclude(const model::Boot& boot) const {
  if (auto finding = not_ended(boot)) return *finding;
  const std::string& verb = boot.shutdown()->verb;
  if (verb == "exit") return not_applicable("the text lists no word for an exit");
  if (!verb.empty()) return must_be(verb);
  const std::string expected = "X_SYSTEMD_SHUTDOWN= names the kind of shutdown";
  if (!word()) return not_met(expected, "it was never sent");
  if (const auto parsed = field::parse_value(field::ValueType::kShutdown, word()->value); !parsed)
    return not_met(expected, fmt::format("{} is {}", quoted(word()->value), parsed.error().reason),
                   {word()->line});
  return met(expected, fmt::format("it is {}", word()->value), {word()->line});
}

Finding RebootParameter::conclude(const model::Boot& boot) const {
  if (auto finding = not_ended(boot)) return *finding;
  if (boot.shutdown()->verb != "reboot" || !boot.shutdown()->argument)
    return not_applicable("no reboot argument was given");
  return must_be(*boot.shutdown()->argument);
}

NothingAfterEnd::NothingAfterEnd()
    : end_(model::mask_of("X_SYSTEMD_SHUTDOWN") | model::mask_of("EXIT_STATUS")) {}

void NothingAfterEnd::see(const model::Step& step) {
  if (step.message == nullptr) return;
  // As an exit ends, the container's PID 1 was seen to say its EXIT_STATUS once more, alone.
  const bool repetition = step.mask == exit_status_ && step.n_assignments == 1;
  if (line_ && !repetition) after_.add(step.line);
  if ((step.mask & end_) != 0 && !line_) line_ = step.line;
}

Finding NothingAfterEnd::conclude(const model::Boot&) const {
  const std::string expected =
      "no message comes after the one that reports the end, but for a repeated EXIT_STATUS=";
  if (!line_) return not_applicable("no message reports the end");
  if (!after_.empty()) return not_met(expected, fmt::format("{} came", after_.count()), after_.first());
  return met(expected, "none came", {*line_});
}

}  // namespace notifyspec::verdict
