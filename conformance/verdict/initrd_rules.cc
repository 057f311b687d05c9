#include "verdict/initrd_rules.h"

#include <fmt/format.h>

namespace notifyspec::verdict {

SilentInInitrd::SilentInInitrd(std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    fields_ |= model::mask_of(field);
    names_ += fmt::format("{}{}=", names_.empty() ? "" : " or ", field);
  }
}

void SilentInInitrd::see(const model::Step& step) {
  if (step.ended != nullptr) {
    before_ = {};
    in_known_initrd_ = false;
  }
  if (step.in_initrd && !in_known_initrd_) {
    // The first unit of an initrd is late to tell of it: all that came before it came from there, too.
    in_known_initrd_ = seen_initrd_ = true;
    for (const std::size_t line : before_.first()) spoken_.add(line);
    before_ = {};
  }
  if ((step.mask & fields_) == 0) return;
  if (step.in_initrd)
    spoken_.add(step.line);
  else
    (in_known_initrd_ ? after_ : before_).add(step.line);
}

Finding SilentInInitrd::conclude(const model::Boot&) const {
  const std::string expected = fmt::format("no {} comes from the initrd", names_);
  if (!seen_initrd_) return not_applicable("no initrd was seen in this trace");
  if (!spoken_.empty()) return not_met(expected, fmt::format("{} came", spoken_.count()), spoken_.first());
  return met(expected, fmt::format("all {} came after it", after_.count()), after_.first());
}

}  // namespace notifyspec::verdict
