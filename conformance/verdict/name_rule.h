// A rule about names: what a manager says beyond the documented fields can be told for private by its prefix.
//
// Source: sd_notify(3), at the end of the well-known assignments, which recommends X_. Knows names, not
// values.
#pragma once

#include <cstddef>
#include <string>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// Every assignment of the manager has a documented name, or one that begins with X_.
class PrivateNamesPrefixed final : public Rule {
 public:
  model::FieldMask interest() const override { return kEveryMessage; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::size_t n_assignments_ = 0;
  std::string first_bare_;  ///< name
  Lines bare_;
};

}  // namespace notifyspec::verdict
