// Rules about X_SYSTEMD_SIGNALS_LEVEL and the signals that it promises.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/signal.h"
#include "verdict/rule.h"

namespace notifyspec::verdict {

/// In each boot, the first X_SYSTEMD_SIGNALS_LEVEL comes before the planted generator and the planted first
/// unit run.
class LevelBeforeProcesses final : public Rule {
 public:
  explicit LevelBeforeProcesses(const wire::TraceHeader& header);
  model::FieldMask interest() const override { return level_; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  struct Moment {
    std::int64_t t_usec;
    std::size_t line;
  };

  Finding on_this_boot() const;

  model::FieldMask level_;
  std::int64_t slack_usec_;     ///< within which two times cannot be told apart
  std::size_t first_life_ = 0;  ///< of this boot
  std::optional<Moment> sent_;
  std::map<std::string, Moment> processes_;  ///< first start of each kind that was observed in this boot
  std::optional<Finding> earlier_;           ///< on a boot before it that did not meet it
};

/// Every signal that is sent once level 2 is announced has the effect that the table of signals names.
class SignalsWork final : public Rule {
 public:
  explicit SignalsWork(const wire::TraceHeader& header);
  model::FieldMask interest() const override { return kEveryMessage; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  struct Sent {
    const model::SignalEffect* effect;
    std::size_t line;
    std::size_t life;
    bool reloading = false;
    bool answered = false;  ///< the manager said something after it
    bool worked = false;
  };

  void send(const std::string& signal, const model::Step& step);
  void hear(const model::Step& step);
  void observe(const wire::Observation& observation);

  model::ManagerKind manager_;
  model::FieldMask level_, ready_, reloading_;
  bool announced_ = false;
  std::vector<Sent> sent_;
  std::size_t not_tracked_ = 0;
};

}  // namespace notifyspec::verdict
