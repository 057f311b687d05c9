// THE table of rules: requirement id to the rule that decides it, and what the rule must have heard to
// decide.
//
// Everything that this suite demands in traces, of whatever role, stands in this one table; the rules
// themselves know no id.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "verdict/rule.h"
#include "wire/trace.h"

namespace notifyspec::verdict {

/// What a rule needs of the manager's words: where they could not be heard it has nothing to say.
enum class Needs {
  kNothing,   ///< it looks at other things, or at the silence itself
  kWords,     ///< where no text promises that a word arrives, and none did, silence is no fault
  kAllWords,  ///< where the receiver came late, a word that is missing is no fault either
};

struct RuleRow {
  std::string_view requirement;
  Needs needs;
  std::unique_ptr<Rule> (*make)(const wire::TraceHeader& header);
};

/// All rows.
std::span<const RuleRow> rule_table();

/// The row for requirement `id`, or nullptr.
const RuleRow* find_rule(std::string_view id);

}  // namespace notifyspec::verdict
