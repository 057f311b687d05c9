// Rules about READY=1 and RELOADING=1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// READY=1 is sent in each boot.
class ReadySent final : public Rule {
 public:
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  Lines without_;  ///< where a boot ended that had none
};

/// While a oneshot of the default transaction is held open, no READY=1; once it is released, one.
class ReadyHeldBack final : public Rule {
 public:
  ReadyHeldBack();
  model::FieldMask interest() const override { return ready_; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask ready_;
  std::optional<std::size_t> hold_, release_, ready_after_;
  Lines too_early_;
};

/// What the rules about reloads share: which step asks for one, which announces it.
class ReloadRule : public Rule {
 public:
  explicit ReloadRule(const wire::TraceHeader& header);
  model::FieldMask interest() const override { return reloading_ | ready_; }

 protected:
  bool asks(const model::Step& step) const;
  bool reloading(const model::Step& step) const { return step.value(reloading_) == "1"; }
  bool ready(const model::Step& step) const { return step.value(ready_) == "1"; }

 private:
  model::ManagerKind manager_;
  model::FieldMask reloading_, ready_;
};

/// A reload that was asked for is announced by RELOADING=1, and every RELOADING=1, whatever brought it, is
/// followed by READY=1. No text says that executing the manager anew is a reload: of that none is asked.
class ReloadAnnounced final : public ReloadRule {
 public:
  using ReloadRule::ReloadRule;
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  /// A boot has ended: what it still owed never comes.
  void end(const model::Course& course);

  std::optional<std::size_t> asked_;      ///< line of a reload that is not announced yet
  std::optional<std::size_t> announced_;  ///< line of a RELOADING=1 that is not followed yet
  std::size_t complete_ = 0;
  Lines silent_;
};

/// RELOADING=1 comes with the MONOTONIC_USEC of its making.
class ReloadTimed final : public ReloadRule {
 public:
  explicit ReloadTimed(const wire::TraceHeader& header);
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask monotonic_;
  bool same_clock_;
  std::int64_t t0_usec_;
  std::int64_t asked_usec_ = 0;  ///< CLOCK_MONOTONIC of the latest request
  std::size_t timed_ = 0;
  std::string first_;
  Lines untimed_;
};

}  // namespace notifyspec::verdict
