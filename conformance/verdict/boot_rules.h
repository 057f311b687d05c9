// THE table of rules for role "manager": requirement id to the rule that decides it.
//
// Everything that this suite demands of a booting manager stands in this one table; the rules themselves know
// no id.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "verdict/rule.h"
#include "wire/trace.h"

namespace notifyspec::verdict {

struct BootRule {
  std::string_view requirement;
  std::unique_ptr<Rule> (*make)(const wire::TraceHeader& header);
};

/// All rows.
std::span<const BootRule> boot_rules();

/// The row for requirement `id`, or nullptr.
const BootRule* find_boot_rule(std::string_view id);

}  // namespace notifyspec::verdict
