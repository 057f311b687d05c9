#include "verdict/shutdown_rules.h"

#include <fmt/format.h>

#include "field/value.h"

namespace notifyspec::verdict {

void LastWord::see(const model::Step& step) {
  if (const auto text = step.value(mask_)) word_ = Word{std::string(*text), step.line};
}

std::expected<model::ShutdownRequest, Finding> LastWord::ended(const model::Boot& boot) {
  const auto& shutdown = boot.shutdown();
  if (!shutdown) return std::unexpected(not_applicable("no shutdown was asked for in this trace"));
  if (boot.gave_up())
    return std::unexpected(not_met("the shutdown comes to its end", "not before the deadline"));
  if (!boot.gone())
    return std::unexpected(not_applicable("the trace does not reach the end of the shutdown"));
  return *shutdown;
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

Finding ExitStatus::conclude(const model::Boot& boot) const {
  const auto shutdown = ended(boot);
  if (!shutdown) return shutdown.error();
  const auto& status = shutdown->argument;
  if (shutdown->verb == "exit" && status) return must_be(*status);
  return must_be_valid("EXIT_STATUS= is sent as the manager ends");
}

Finding ShutdownVerb::conclude(const model::Boot& boot) const {
  const auto shutdown = ended(boot);
  if (!shutdown) return shutdown.error();
  if (shutdown->verb == "exit") return not_applicable("the text lists no word for an exit");
  if (!shutdown->verb.empty()) return must_be(shutdown->verb);
  return must_be_valid("X_SYSTEMD_SHUTDOWN= names the kind of shutdown");
}

Finding RebootParameter::conclude(const model::Boot& boot) const {
  const auto shutdown = ended(boot);
  if (!shutdown) return shutdown.error();
  const auto& parameter = shutdown->argument;
  if (shutdown->verb != "reboot" || !parameter) return not_applicable("no reboot argument was given");
  return must_be(*parameter);
}

NothingAfterEnd::NothingAfterEnd()
    : exit_status_(model::mask_of("EXIT_STATUS")),
      end_(model::mask_of("X_SYSTEMD_SHUTDOWN") | exit_status_) {}

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
