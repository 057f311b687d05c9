// The tag: which field of the table a line assigns.
//
// The same answer as field::find() of the name before the first '=', which is the reference; here by one hash
// and one comparison (name_table.h). Does not look at the value: field/value.h parses it. Allocates nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "field/field.h"
#include "receiver/name_table.h"
#include "receiver/padded.h"

namespace notifyspec::receiver {

/// The fields, in the order of the table (field/field.h), so that a switch can name them.
enum class Tag : std::uint8_t {
  kReady,
  kReloading,
  kStopping,
  kMonotonicUsec,
  kStatus,
  kNotifyAccess,
  kErrno,
  kBusError,
  kVarlinkError,
  kExitStatus,
  kMainPid,
  kMainPidFdId,
  kMainPidFd,
  kWatchdog,
  kWatchdogUsec,
  kExtendTimeoutUsec,
  kRestartReset,
  kFdStore,
  kFdStoreRemove,
  kFdName,
  kFdPoll,
  kBarrier,
  kHostname,
  kMachineId,
  kSignalsLevel,
  kUnitActive,
  kUnitInactive,
  kShutdown,
  kRebootParameter,
  kUnknown,  ///< to be ignored (sd_notify(3)): another name, or no '='
};

/// The row of the table; REQUIRES: not kUnknown.
const field::Field& field_of(Tag tag);

struct Tagged {
  Tag tag = Tag::kUnknown;
  std::string_view value;  ///< what stands behind the '='; empty for kUnknown
};

/// REQUIRES: a line of a Padded message, so that kPadding bytes behind it may be read.
inline Tagged classify(std::string_view line) {
  const std::uint32_t equals = names::places_of('=', line.data());
  if (equals == 0) return {};
  const auto size = static_cast<std::size_t>(__builtin_ctz(equals));
  if (size < names::kLeast || size >= line.size()) return {};
  const names::Slot* const slot = names::kFields.find(line.data(), size);
  if (slot == nullptr) return {};
  return {static_cast<Tag>(slot->row), {line.data() + size + 1, line.size() - size - 1}};
}

}  // namespace notifyspec::receiver
