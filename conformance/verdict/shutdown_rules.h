// Rules about the end: EXIT_STATUS, X_SYSTEMD_SHUTDOWN, X_SYSTEMD_REBOOT_PARAMETER.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// What the rules of this file share: the last value of one field in each boot that was asked to end.
class LastWord : public Rule {
 public:
  explicit LastWord(std::string_view field) : field_(field), mask_(model::mask_of(field)) {}
  model::FieldMask interest() const override { return mask_; }
  void see(const model::Step& step) final;
  Finding conclude(const model::Boot& boot) const final;

 protected:
  /// The verdict on the word with which a boot ended that was asked to end like this.
  virtual Finding on(const model::ShutdownRequest& shutdown) const = 0;

  /// The verdict on a last word that must be `value`.
  Finding must_be(std::string_view value) const;
  /// The verdict on a last word that must be a value of the field's type.
  Finding must_be_valid(const std::string& expected) const;

 private:
  struct Word {
    std::string value;
    std::size_t line;
  };

  Finding last(const model::Boot& boot) const;

  std::string field_;
  model::FieldMask mask_;
  std::optional<Word> word_;        ///< of this boot
  std::optional<Finding> earlier_;  ///< on the boots before it: the first that is not met, or the latest
};

/// The manager reports its exit status as it ends: the one asked for with the exit verb, otherwise any valid
/// one.
class ExitStatus final : public LastWord {
 public:
  ExitStatus() : LastWord("EXIT_STATUS") {}

 private:
  Finding on(const model::ShutdownRequest& shutdown) const override;
};

/// The manager names the kind of shutdown that was asked for.
class ShutdownVerb final : public LastWord {
 public:
  ShutdownVerb() : LastWord("X_SYSTEMD_SHUTDOWN") {}

 private:
  Finding on(const model::ShutdownRequest& shutdown) const override;
};

/// The manager passes on the reboot argument.
class RebootParameter final : public LastWord {
 public:
  RebootParameter() : LastWord("X_SYSTEMD_REBOOT_PARAMETER") {}

 private:
  Finding on(const model::ShutdownRequest& shutdown) const override;
};

/// In no boot is anything sent after the message that reports its end.
class NothingAfterEnd final : public Rule {
 public:
  NothingAfterEnd();
  model::FieldMask interest() const override { return kEveryMessage; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask exit_status_, end_;
  std::optional<std::size_t> line_;  ///< of the message that reports the end of this boot
  Lines ends_, after_;
};

}  // namespace notifyspec::verdict
