// Rules about $NOTIFY_SOCKET itself: the manager uses it, and keeps it from its services.
#pragma once

#include <optional>
#include <string>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// The manager speaks on the address that it was given.
class SocketConsumed final : public Rule {
 public:
  void see(const model::Step&) override {}
  Finding conclude(const model::Boot& boot) const override;
};

/// No service finds the supervisor's address in its environment.
class SocketNotInherited final : public Rule {
 public:
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::optional<std::string> supervisor_;  ///< the address that the manager was given
  Lines asked_, inherited_;
};

}  // namespace notifyspec::verdict
