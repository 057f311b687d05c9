// How `notifyspec` ends: the same numbers everywhere, so that a script may rest on them.
#pragma once

namespace notifyspec::cli {

enum class ExitCode {
  kConforms = 0,
  kDoesNotConform = 1,
  kUsage = 2,          ///< wrong usage, or input that cannot be read
  kBaselineDrift = 3,  ///< the baseline no longer tells the truth
  kAdapterFailed = 4,  ///< the adapter of the implementation under test
  kEnvironment = 5,    ///< this machine cannot do what was asked, or the outcome is inconclusive
  kNothingRan = 6,
};

}  // namespace notifyspec::cli
