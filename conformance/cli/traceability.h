// The traceability table: each requirement with its cases (scenarios and vectors) and the bugs that prove it.
//
// As rows for machines, with every name, and as text for people, with a few of them.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/proof.h"

namespace notifyspec::cli {

/// Adds the members `vectors` and `bugs` to rows of requirements, which have `id`.
void add_proofs(std::vector<nlohmann::ordered_json>& rows, const std::map<std::string, Proof>& proofs);

/// Of such rows: a paragraph each.
std::string traceability_text(const std::vector<nlohmann::ordered_json>& rows);

}  // namespace notifyspec::cli
