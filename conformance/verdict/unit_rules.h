// Rules about X_SYSTEMD_UNIT_ACTIVE and X_SYSTEMD_UNIT_INACTIVE: complete, in order, targets, once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/target_order.h"
#include "verdict/rule.h"

namespace notifyspec::verdict {

/// What the rules of this file share: each report of a message, with a number for the unit that it names.
class UnitRule : public Rule {
 public:
  UnitRule();
  model::FieldMask interest() const override { return active_ | inactive_; }
  void see(const model::Step& step) final;

 protected:
  enum class Report { kActive, kInactive };

  struct UnitReport {
    Report report;
    std::size_t unit;  ///< its number in units()
    std::string_view name;
    std::size_t line;
    std::size_t transaction;
  };

  /// Before the reports of a step, and for every other event.
  virtual void begin(const model::Step&) {}
  virtual void hear(const UnitReport& report) = 0;

  model::TargetOrder& units() { return units_; }
  const model::TargetOrder& units() const { return units_; }
  /// Why nothing can be said where more units were named than are tracked.
  std::optional<Finding> lost_track() const;

 private:
  model::FieldMask active_, inactive_;
  model::TargetOrder units_;
  bool too_many_ = false;
};

/// Each target that the booted system shows as entered (or left) in a transaction is reported within it.
class Complete final : public UnitRule {
 public:
  enum class Of { kEntered, kLeft };

  explicit Complete(Of of) : of_(of) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const UnitReport& report) override;

  Of of_;
  std::vector<model::UnitSet> reported_;  ///< by transaction
};

/// Within one transaction, reports do not come against After=: on the way up, or, reversed, on the way down.
class Ordered final : public UnitRule {
 public:
  enum class Way { kUp, kDown };

  Ordered(Way way, const wire::TraceHeader& header);
  Finding conclude(const model::Boot& boot) const override;

 private:
  /// A new transaction, or a new life, begins with nothing done and its own relation.
  void begin(const model::Step& step) override;
  void hear(const UnitReport& report) override;

  Way way_;
  wire::TraceHeader header_;
  model::UnitSet done_;  ///< reported in this transaction
  std::optional<std::size_t> transaction_;
  std::size_t life_ = 0;
  std::size_t compared_ = 0;
  std::string first_;
  Lines against_;
};

/// Only target units are reported.
class TargetsOnly final : public UnitRule {
 public:
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const UnitReport& report) override;

  std::size_t targets_ = 0;
  std::string first_;
  Lines others_;
};

/// A unit is not reported twice in the same state within one life.
class NoRepeat final : public UnitRule {
 public:
  Finding conclude(const model::Boot& boot) const override;

 private:
  /// A new life knows nothing of the one before.
  void begin(const model::Step& step) override;
  void hear(const UnitReport& report) override;

  model::UnitSet active_, inactive_;
  std::size_t life_ = 0;
  std::size_t reports_ = 0;
  std::string first_;
  Lines repeated_;
};

/// What is reported inactive was reported active before, in this life or an earlier one of the same boot. Of
/// what an initrd had started, which tells of no unit, this cannot be said.
class ActiveBeforeInactive final : public UnitRule {
 public:
  Finding conclude(const model::Boot& boot) const override;

 private:
  void begin(const model::Step& step) override;
  void hear(const UnitReport& report) override;

  bool after_initrd_ = false;
  model::UnitSet ever_active_;
  std::size_t inactive_ = 0;
  std::string first_;
  Lines without_;
};

}  // namespace notifyspec::verdict
