// Rules about one field: that it is sent, that its values are valid and true, how often and in which company.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// What the rules of this file share: they look at the messages that have one field.
class FieldRule : public Rule {
 public:
  explicit FieldRule(std::string_view field) : field_(field), mask_(model::mask_of(field)) {}
  model::FieldMask interest() const override { return mask_; }

 protected:
  /// The field's value in this step, if the manager sent it.
  std::optional<std::string_view> value(const model::Step& step) const { return step.value(mask_); }
  const std::string& field() const { return field_; }

 private:
  std::string field_;
  model::FieldMask mask_;
};

/// In each boot the field is sent, and before the first READY=1.
class SentBeforeReady final : public FieldRule {
 public:
  using FieldRule::FieldRule;
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  struct Breach {
    std::string seen;
    std::vector<std::size_t> lines;
  };

  /// What is wrong with the boot of which line_ is known, if anything is.
  std::optional<Breach> breach(const model::Course& course, bool cut_short) const;

  std::optional<std::size_t> line_;     ///< in this boot
  std::optional<std::size_t> earlier_;  ///< in a boot before it
  std::optional<Breach> first_;
};

/// Every value is one of the field's type.
class ValidValues final : public FieldRule {
 public:
  using FieldRule::FieldRule;
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  Lines valid_, invalid_;
  std::string first_invalid_, reason_;
};

/// Every value that is a number is `least` or more.
class AtLeast final : public FieldRule {
 public:
  AtLeast(std::string_view field, std::uint64_t least) : FieldRule(field), least_(least) {}
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::uint64_t least_;
  Lines enough_, less_;
  std::string first_less_;
};

/// Every value equals what the booted system says of itself, until the harness changes it by the action
/// `changed_by`.
class MatchesSystem final : public FieldRule {
 public:
  using Fact = std::optional<std::string> wire::TraceHeader::*;

  MatchesSystem(std::string_view field, Fact fact, std::string_view changed_by)
      : FieldRule(field), fact_(fact), changed_by_(changed_by) {}
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  Fact fact_;
  std::string changed_by_;
  bool changed_ = false;
  /// Distinct values with the first line of each; more than a handful is a failure whatever they are.
  std::map<std::string, std::size_t, std::less<>> values_;
};

/// The field comes at most once in each life.
class OncePerLife final : public FieldRule {
 public:
  using FieldRule::FieldRule;
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::size_t count_ = 0;
  std::optional<std::size_t> last_life_;
  Lines repeated_;
};

/// After `action` the field does not come again in the same life.
class SilentAfterAction final : public FieldRule {
 public:
  SilentAfterAction(std::string_view field, std::string_view action) : FieldRule(field), action_(action) {}
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::string action_;
  std::optional<std::size_t> life_of_action_;
  Lines spoken_;
};

/// In each life, the field comes before the first X_SYSTEMD_UNIT_ACTIVE or X_SYSTEMD_UNIT_INACTIVE.
class BeforeUnits final : public Rule {
 public:
  /// `fields`: all of them must come first.
  explicit BeforeUnits(std::initializer_list<std::string_view> fields);
  model::FieldMask interest() const override;
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask fields_ = 0;
  model::FieldMask units_;
  std::string names_;
  std::size_t life_ = 0;
  model::FieldMask seen_ = 0;
  bool any_ = false;
  bool units_seen_ = false;
  Lines late_, checked_;
};

/// A message with one of the boot's extension fields has no other assignment.
class AloneInMessage final : public Rule {
 public:
  AloneInMessage();
  model::FieldMask interest() const override { return mask_; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask mask_;
  std::size_t alone_ = 0;
  Lines in_company_;
};

}  // namespace notifyspec::verdict
