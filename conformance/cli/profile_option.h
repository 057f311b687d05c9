// The option --profile: how strict a judge is to be.
#pragma once

#include <string>
#include <vector>

#include "verdict/judge.h"

namespace notifyspec::cli {

/// "systemd-N" of each version of which observations are recorded. Another would be held to what its elders
/// do, or its successors, which is no observation of it.
std::vector<std::string> observed_profiles();

/// That of a name among these; of "" the one that fails nobody by what was observed.
verdict::Profile profile_named(const std::string& name);

}  // namespace notifyspec::cli
