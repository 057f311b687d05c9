// THE table of quirks: every point in which receivers differ, by version, or from what the documents promise.
//
// Rule: a quirk is a question with the answers yes and no, and the code asks it by name; which receiver
// answers how stands in the table and nowhere else. A profile (profile.h) is the set of its yes. Where all
// receivers that are known agree, and no text says otherwise, there is no row.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace notifyspec::model {

enum class Quirk {
  kSizeLimit,
  kNulRules,
  kCarriageReturn,
  kEscape,
  kFirstEvenInvalid,
  kLenientNumbers,
  kErrnoNames,
  kLastLifecycleWins,
  kStopIsFinal,
  kStopWaitsForStart,
  kStopWaitsForReload,
  kNotifyReload,
  kNotifyAccess,
  kInvalidAccessResets,
  kInvalidStatusClears,
  kNoNoncharacters,
  kErrorNames,
  kNoQuotesInErrorNames,
  kNoGlobsInErrorNames,
  kMainPidFd,
  kMainPidWhileStopping,
  kRestartReset,
  kRestartResetWhileRunning,
  kEmptyFdName,
  kBoundedExtension,
  kStartForgetsKeepAlive,
  kStopForgetsKeepAlive,
  kIntervalFeedsWatchdog,
  kOnlyARunningWatchdogIsFed,
};
inline constexpr std::size_t kQuirkCount = static_cast<std::size_t>(Quirk::kOnlyARunningWatchdogIsFed) + 1;

/// One row: a receiver has the quirk if it follows the documents and they have it, or if it is a systemd from
/// `since` on and before `until`.
struct QuirkRow {
  Quirk quirk;
  std::string_view name;
  bool documented;
  int since;  ///< systemd version; kNever: none
  int until;  ///< the first version without it again; kNever: all later ones have it
  std::string_view meaning;
  std::string_view reason;  ///< who says so, or how it comes to be
};
inline constexpr int kNever = 1 << 20;

/// All rows, in the order of Quirk.
std::span<const QuirkRow> quirks();

}  // namespace notifyspec::model
