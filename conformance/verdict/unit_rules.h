// Rules about X_SYSTEMD_UNIT_ACTIVE and X_SYSTEMD_UNIT_INACTIVE: complete, in order, targets, once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/target_order.h"
#include "verdict/rule.h"

namespace notifyspec::verdict {

/// What the rules of this file share: the two fields, and numbers for the units that they name.
class UnitRule : public Rule {
 public:
  UnitRule();
  model::FieldMask interest() const override { return active_ | inactive_; }

 protected:
  enum class Report { kActive, kInactive };

  struct UnitReport {
    Report report;
    std::string_view name;
  };

  /// What the step says of a unit, if it does.
  std::optional<UnitReport> report(const model::Step& step) const;

 private:
  model::FieldMask active_, inactive_;
};

/// Each target that the booted system shows as entered (or left) in a transaction is reported within it.
class Complete final : public UnitRule {
 public:
  enum class Of { kEntered, kLeft };

  explicit Complete(Of of) : of_(of) {}
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  Of of_;
  model::TargetOrder units_;
  std::vector<model::UnitSet> reported_;  ///< by transaction
};

/// Within one transaction, reports do not come against After=: on the way up, or, reversed, on the way down.
class Ordered final : public UnitRule {
 public:
  enum class Way { kUp, kDown };

  Ordered(Way way, const wire::TraceHeader& header);
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  /// The relation by which the reports of `transaction` are ordered.
  void begin(std::size_t transaction);

  Way way_;
  wire::TraceHeader header_;
  model::TargetOrder order_;
  model::UnitSet done_;  ///< reported in this transaction
  std::optional<std::size_t> transaction_;
  std::size_t compared_ = 0;
  std::string first_;
  Lines against_;
  bool too_many_ = false;
};

/// Only target units are reported.
class TargetsOnly final : public UnitRule {
 public:
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::size_t targets_ = 0;
  std::string first_;
  Lines others_;
};

/// A unit is not reported twice in the same state within one life.
class NoRepeat final : public UnitRule {
 public:
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::TargetOrder units_;
  model::UnitSet active_, inactive_;
  std::size_t life_ = 0;
  std::size_t reports_ = 0;
  std::string first_;
  Lines repeated_;
  bool too_many_ = false;
};

/// What is reported inactive was reported active before, in this life or an earlier one.
class ActiveBeforeInactive final : public UnitRule {
 public:
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::TargetOrder units_;
  model::UnitSet ever_active_;
  std::size_t inactive_ = 0;
  std::string first_;
  Lines without_;
  bool too_many_ = false;
};

}  // namespace notifyspec::verdict
