#include "verdict/unit_rules.h"

#include <fmt/format.h>

namespace notifyspec::verdict {
namespace {

Finding more_units_than_tracked() {
  return inconclusive(
      fmt::format("more than {} different units were reported", model::TargetOrder::kMostUnits));
}

}  // namespace

UnitRule::UnitRule()
    : active_(model::mask_of("X_SYSTEMD_UNIT_ACTIVE")),
      inactive_(model::mask_of("X_SYSTEMD_UNIT_INACTIVE")) {}

std::optional<UnitRule::UnitReport> UnitRule::report(const model::Step& step) const {
  if (const auto name = step.value(active_)) return UnitReport{Report::kActive, *name};
  if (const auto name = step.value(inactive_)) return UnitReport{Report::kInactive, *name};
  return std::nullopt;
}

void Complete::see(const model::Step& step) {
  const auto unit = report(step);
  if (!unit || (unit->report == Report::kActive) != (of_ == Of::kEntered)) return;
  const auto number = units_.number(unit->name);
  if (!number) return;
  if (reported_.size() <= step.transaction) reported_.resize(step.transaction + 1);
  reported_[step.transaction].insert(*number);
}

Finding Complete::conclude(const model::Boot& boot) const {
  const std::string_view word = of_ == Of::kEntered ? "active" : "inactive";
  const auto& transactions = boot.header().transactions;
  if (!transactions)
    return not_applicable("the trace does not hold what the booted system shows");
  model::TargetOrder units = units_;
  std::size_t expected_reports = 0;
  std::string missing;
  std::size_t n_missing = 0;
  for (std::size_t i = 0; i < transactions->size(); ++i) {
    const wire::Transaction& transaction = (*transactions)[i];
    for (const std::string& target : of_ == Of::kEntered ? transaction.entered : transaction.left) {
      ++expected_reports;
      const auto number = units.number(target);
      if (number && i < reported_.size() && reported_[i].contains(*number)) continue;
      if (++n_missing <= Lines::kMost) missing += fmt::format(" {} ({})", target, transaction.cause);
    }
  }
  if (expected_reports == 0)
    return not_applicable(fmt::format("the system shows no target that became {}", word));
  const std::string expected = fmt::format(
      "each of the {} targets that the system shows as having become {} is reported", expected_reports, word);
  if (n_missing > 0) return not_met(expected, fmt::format("{} were not:{}", n_missing, missing));
  return met(expected, "all were");
}

Ordered::Ordered(Way way, const wire::TraceHeader& header) : way_(way), header_(header) {}

void Ordered::begin(std::size_t transaction) {
  transaction_ = transaction;
  done_.clear();
  order_ = {};
  if (header_.targets) order_ = model::TargetOrder(*header_.targets);
  if (header_.transactions && transaction < header_.transactions->size())
    if (const auto& own = (*header_.transactions)[transaction].after) order_ = model::TargetOrder(*own);
}

void Ordered::see(const model::Step& step) {
  if (transaction_ != step.transaction) begin(step.transaction);
  const auto unit = report(step);
  if (!unit) return;
  const auto number = order_.number(unit->name);
  if (!number) {
    too_many_ = true;
    return;
  }
  if ((unit->report == Report::kActive) != (way_ == Way::kUp)) {
    done_.erase(*number);
    return;
  }
  ++compared_;
  const auto& too_late = way_ == Way::kUp ? order_.followers(*number) : order_.predecessors(*number);
  if (const auto early = done_.first_common(too_late)) {
    if (against_.empty()) first_ = fmt::format("{} came before {}", order_.name(*early), unit->name);
    against_.add(step.line);
  }
  done_.insert(*number);
}

Finding Ordered::conclude(const model::Boot&) const {
  const std::string expected =
      way_ == Way::kUp ? "within one transaction no target is reported active before one that it is After="
                       : "within one transaction no target is reported inactive before one that is After= it";
  if (!header_.targets) return not_applicable("the trace does not hold how the system orders its targets");
  if (!against_.empty())
    return not_met(expected, fmt::format("{} reports against it: {}", against_.count(), first_),
                   against_.first());
  if (too_many_) return more_units_than_tracked();
  if (compared_ == 0) return not_applicable("no such report");
  return met(expected, fmt::format("{} reports in order", compared_));
}

void TargetsOnly::see(const model::Step& step) {
  const auto unit = report(step);
  if (!unit) return;
  if (unit->name.ends_with(".target")) {
    ++targets_;
    return;
  }
  if (others_.empty()) first_ = quoted(unit->name);
  others_.add(step.line);
}

Finding TargetsOnly::conclude(const model::Boot&) const {
  const std::string expected = "only target units are reported";
  if (!others_.empty())
    return not_met(expected, fmt::format("{} others, first {}", others_.count(), first_), others_.first());
  if (targets_ == 0) return not_applicable("no unit was reported");
  return met(expected, fmt::format("{} reports, all of targets", targets_));
}

void NoRepeat::see(const model::Step& step) {
  if (step.life != life_) {
    life_ = step.life;
    active_.clear();
    inactive_.clear();
  }
  const auto unit = report(step);
  if (!unit) return;
  const auto number = units_.number(unit->name);
  if (!number) {
    too_many_ = true;
    return;
  }
  ++reports_;
  const bool up = unit->report == Report::kActive;
  model::UnitSet& same = up ? active_ : inactive_;
  model::UnitSet& other = up ? inactive_ : active_;
  if (same.contains(*number)) {
    if (repeated_.empty()) first_ = fmt::format("{} twice {}", unit->name, up ? "active" : "inactive");
    repeated_.add(step.line);
  }
  same.insert(*number);
  other.erase(*number);
}

Finding NoRepeat::conclude(const model::Boot&) const {
  const std::string expected = "no unit is reported twice in the same state";
  if (!repeated_.empty())
    return not_met(expected, fmt::format("{} repeated, first {}", repeated_.count(), first_),
                   repeated_.first());
  if (too_many_) return more_units_than_tracked();
  if (reports_ == 0) return not_applicable("no unit was reported");
  return met(expected, fmt::format("{} reports, none repeated", reports_));
}

void ActiveBeforeInactive::see(const model::Step& step) {
  const auto unit = report(step);
  if (!unit) return;
  const auto number = units_.number(unit->name);
  if (!number) {
    too_many_ = true;
    return;
  }
  if (unit->report == Report::kActive) return ever_active_.insert(*number);
  ++inactive_;
  if (ever_active_.contains(*number)) return;
  if (without_.empty()) first_ = unit->name;
  without_.add(step.line);
}

Finding ActiveBeforeInactive::conclude(const model::Boot&) const {
  const std::string expected = "what is reported inactive was reported active before";
  if (!without_.empty())
    return not_met(expected, fmt::format("{} were not, first {}", without_.count(), first_),
                   without_.first());
  if (too_many_) return more_units_than_tracked();
  if (inactive_ == 0) return not_applicable("no unit was reported inactive");
  return met(expected, fmt::format("{} reports, all had been", inactive_));
}

}  // namespace notifyspec::verdict
