// Rules about an initrd: what the manager does not say before it has left it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// None of some fields is sent from the initrd.
class SilentInInitrd final : public Rule {
 public:
  explicit SilentInInitrd(std::initializer_list<std::string_view> fields);
  model::FieldMask interest() const override { return fields_; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask fields_ = 0;
  std::string names_;
  bool seen_initrd_ = false;  ///< in some boot
  bool in_known_initrd_ = false;
  Lines before_;  ///< in this boot, before it was known whether it has an initrd
  Lines spoken_, after_;
};

}  // namespace notifyspec::verdict
