#include "verdict/name_rule.h"

#include <fmt/format.h>

#include "field/field.h"
#include "wire/assignment.h"

namespace notifyspec::verdict {

void PrivateNamesPrefixed::see(const model::Step& step) {
  if (step.message == nullptr) return;
  n_assignments_ += step.n_assignments;
  if (step.n_assignments == step.fields.size()) return;  // all of them are in the table
  for (const wire::Assignment& each : wire::split_assignments(step.message->data)) {
    if (!each.assigned || each.name.starts_with("X_") || field::find(each.name) != nullptr) continue;
    if (bare_.empty()) first_bare_ = each.name;
    bare_.add(step.line);
    return;
  }
}

Finding PrivateNamesPrefixed::conclude(const model::Boot&) const {
  const std::string expected = "each name is a documented one, or begins with X_";
  if (!bare_.empty())
    return not_met(expected,
                   fmt::format("{} messages have another, first {}", bare_.count(), quoted(first_bare_)),
                   bare_.first());
  if (n_assignments_ == 0) return not_applicable("nothing was assigned");
  return met(expected, fmt::format("all of {} are", n_assignments_));
}

}  // namespace notifyspec::verdict
