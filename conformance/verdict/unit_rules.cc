#include "verdict/unit_rules.h"

#include <fmt/format.h>

namespace notifyspec::verdict {
UnitRule::UnitRule()
    : active_(model::mask_of("X_SYSTEMD_UNIT_ACTIVE")),
      inactive_(model::mask_of("X_SYSTEMD_UNIT_INACTIVE")) {}

void UnitRule::see(const model::Step& step) {
  begin(step);
  // One field a message is what was observed, and promised by no text: all that a message reports counts.
  for (const model::KnownField& known : step.fields) {
    if ((known.bit & interest()) == 0) continue;
    const auto unit = units_.number(known.value);
    if (!unit) {
      too_many_ = true;
      continue;
    }
    const Report word = known.bit == active_ ? Report::kActive : Report::kInactive;
    hear({word, *unit, known.value, step.line, step.transaction});
  }
}

std::optional<Finding> UnitRule::lost_track() const {
  if (!too_many_) return std::nullopt;
  return inconclusive(
      fmt::format("more than {} different units were reported", model::TargetOrder::kMostUnits));
}

void Complete::hear(const UnitReport& report) {
  if ((report.report == Report::kActive) != (of_ == Of::kEntered)) return;
  if (reported_.size() <= report.transaction) reported_.resize(report.transaction + 1);
  reported_[report.transaction].insert(report.unit);
}

Finding Complete::conclude(const model::Boot& boot) const {
  const std::string_view word = of_ == Of::kEntered ? "active" : "inactive";
  const auto& transactions = boot.header().transactions;
  if (!transactions) return not_applicable("the trace does not hold what the booted system shows");
  model::TargetOrder known = units();
  // The system stamps a unit a moment before it sends the message: at the border of two transactions the
  // report may fall into the later one.
  const auto reported_in = [&](std::size_t transaction, std::size_t unit) {
    return transaction < reported_.size() && reported_[transaction].contains(unit);
  };
  std::size_t expected_reports = 0;
  std::string missing;
  std::size_t n_missing = 0;
  for (std::size_t i = 0; i < transactions->size(); ++i) {
    const wire::Transaction& transaction = (*transactions)[i];
    // Not what the text speaks of: the manager that boots the system takes over only when the root is
    // switched.
    if (transaction.cause == "initrd") continue;
    for (const std::string& target : of_ == Of::kEntered ? transaction.entered : transaction.left) {
      ++expected_reports;
      const auto number = known.number(target);
      if (number && (reported_in(i, *number) || reported_in(i + 1, *number))) continue;
      if (++n_missing <= Lines::kMost) missing += fmt::format(" {} ({})", target, transaction.cause);
    }
  }
  if (expected_reports == 0)
    return not_applicable(fmt::format("the system shows no target that became {}", word));
  const std::string expected = fmt::format(
      "each of the {} targets that the system shows as having become {} is reported", expected_reports, word);
  if (auto lost = lost_track(); lost && n_missing > 0) return *lost;
  if (n_missing > 0) return not_met(expected, fmt::format("{} were not:{}", n_missing, missing));
  return met(expected, "all were");
}

Ordered::Ordered(Way way, const wire::TraceHeader& header) : way_(way), header_(header) {}

void Ordered::begin(const model::Step& step) {
  if (transaction_ == step.transaction && life_ == step.life) return;
  transaction_ = step.transaction;
  life_ = step.life;
  done_.clear();
  const auto& transactions = header_.transactions;
  const auto* own =
      transactions && *transaction_ < transactions->size() ? &(*transactions)[*transaction_].after : nullptr;
  const auto& relation = own != nullptr && *own ? *own : header_.targets;
  units() = relation ? model::TargetOrder(*relation) : model::TargetOrder();
}

void Ordered::hear(const UnitReport& report) {
  if ((report.report == Report::kActive) != (way_ == Way::kUp)) return done_.erase(report.unit);
  ++compared_;
  const auto& too_late =
      way_ == Way::kUp ? units().followers(report.unit) : units().predecessors(report.unit);
  if (const auto early = done_.first_common(too_late)) {
    if (against_.empty())
      first_ = fmt::format("{} came before {}", quoted(units().name(*early)), quoted(report.name));
    against_.add(report.line);
  }
  done_.insert(report.unit);
}

Finding Ordered::conclude(const model::Boot&) const {
  const std::string expected =
      way_ == Way::kUp ? "within one transaction no target is reported active before one that it is After="
                       : "within one transaction no target is reported inactive before one that is After= it";
  if (!header_.targets) return not_applicable("the trace does not hold how the system orders its targets");
  if (!against_.empty())
    return not_met(expected, fmt::format("{} reports against it: {}", against_.count(), first_),
                   against_.first());
  if (auto lost = lost_track()) return *lost;
  if (compared_ == 0) return not_applicable("no such report");
  return met(expected, fmt::format("{} reports in order", compared_));
}

void TargetsOnly::hear(const UnitReport& report) {
  if (report.name.ends_with(".target")) {
    ++targets_;
    return;
  }
  if (others_.empty()) first_ = quoted(report.name);
  others_.add(report.line);
}

Finding TargetsOnly::conclude(const model::Boot&) const {
  const std::string expected = "only target units are reported";
  if (!others_.empty())
    return not_met(expected, fmt::format("{} others, first {}", others_.count(), first_), others_.first());
  if (targets_ == 0) return not_applicable("no unit was reported");
  return met(expected, fmt::format("{} reports, all of targets", targets_));
}

void NoRepeat::begin(const model::Step& step) {
  if (step.life == life_) return;
  life_ = step.life;
  active_.clear();
  inactive_.clear();
}

void NoRepeat::hear(const UnitReport& report) {
  ++reports_;
  const bool up = report.report == Report::kActive;
  model::UnitSet& same = up ? active_ : inactive_;
  model::UnitSet& other = up ? inactive_ : active_;
  if (same.contains(report.unit)) {
    if (repeated_.empty())
      first_ = fmt::format("{} twice {}", quoted(report.name), up ? "active" : "inactive");
    repeated_.add(report.line);
  }
  same.insert(report.unit);
  other.erase(report.unit);
}

Finding NoRepeat::conclude(const model::Boot&) const {
  const std::string expected = "no unit is reported twice in the same state";
  if (!repeated_.empty())
    return not_met(expected, fmt::format("{} repeated, first {}", repeated_.count(), first_),
                   repeated_.first());
  if (auto lost = lost_track()) return *lost;
  if (reports_ == 0) return not_applicable("no unit was reported");
  return met(expected, fmt::format("{} reports, none repeated", reports_));
}

void ActiveBeforeInactive::begin(const model::Step& step) {
  if (step.ended != nullptr) {
    ever_active_.clear();
    after_initrd_ = false;
  }
  after_initrd_ |= step.in_initrd;
}

void ActiveBeforeInactive::hear(const UnitReport& report) {
  if (report.report == Report::kActive) return ever_active_.insert(report.unit);
  ++inactive_;
  if (ever_active_.contains(report.unit) || after_initrd_) return;
  if (without_.empty()) first_ = quoted(report.name);
  without_.add(report.line);
}

Finding ActiveBeforeInactive::conclude(const model::Boot&) const {
  const std::string expected = "what is reported inactive was reported active before";
  if (!without_.empty())
    return not_met(expected, fmt::format("{} were not, first {}", without_.count(), first_),
                   without_.first());
  if (auto lost = lost_track()) return *lost;
  if (inactive_ == 0) return not_applicable("no unit was reported inactive");
  return met(expected, fmt::format("{} reports, all had been", inactive_));
}

}  // namespace notifyspec::verdict
