// THE table of fields: every name that the protocol knows, and where it is documented.
//
// One row a field, in table order of the documents. Everything that lists fields (documentation, dictionary
// of the fuzzers, `notifyspec list fields`, coverage) derives from it. Does not parse values: see value.h.
#pragma once

#include <span>
#include <string_view>

namespace notifyspec::field {

/// What a value may be; value.h has one total parser for each.
enum class ValueType {
  kFlag,          ///< exactly "1"
  kZeroFlag,      ///< exactly "0" (FDPOLL)
  kWatchdog,      ///< "1" or "trigger"
  kText,          ///< UTF-8, one line
  kUnsigned,      ///< unsigned decimal, 64 bits
  kUsec,          ///< unsigned decimal microseconds, 64 bits
  kPid,           ///< decimal pid, 1 to 2^31-1
  kErrno,         ///< decimal errno, 0 to 4095
  kExitStatus,    ///< decimal, 0 to 255
  kErrorName,     ///< printable ASCII: a D-Bus or Varlink error
  kFdName,        ///< ASCII without control characters and ':', at most 255 bytes
  kNotifyAccess,  ///< none, main, exec, all
  kHostname,      ///< hostname(7), at most 64 bytes
  kMachineId,     ///< 32 lower-case hexadecimal digits, not all zero (machine-id(5))
  kUnitName,      ///< unit name with a known suffix (systemd.unit(5))
  kShutdown,      ///< reboot, halt, poweroff, kexec; "exit" occurs
};

/// Down: a service to its service manager. Up: a service manager to its supervisor. Both: either.
enum class Direction { kDown, kUp, kBoth };

/// Whether a text defines it, or only practice.
struct Field {
  std::string_view name;
  ValueType type;
  Direction direction;
  int since;                 ///< systemd version; 0: from the beginning of sd_notify(3)
  std::string_view source;   ///< document and section
  std::string_view meaning;  ///< one phrase, ours
};

/// "flag", "text", "usec", ...
std::string_view name(ValueType type);
/// "down", "up", "both".
std::string_view name(Direction direction);

/// All rows.
std::span<const Field> fields();

/// The row of `name` (case-sensitive), or nullptr: unknown assignments are to be ignored (sd_notify(3)).
const Field* find(std::string_view name);

}  // namespace notifyspec::field
