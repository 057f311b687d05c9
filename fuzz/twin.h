// The twin: what the documents say of a datagram, said again, slowly and in the plainest words there are.
//
// Shares no code with the stages that it is compared with, and is never fast: whoever reads it must see at
// once that it is right. sd_notify(3), Description and Well-Known Assignments.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "field/field.h"

namespace notifyspec::fuzz::twin {

/// The lines of a datagram, without an empty one behind the last newline; nothing where it cannot be read: it
/// has more than 4096 bytes, or a NUL elsewhere than at its end.
std::optional<std::vector<std::string>> lines(std::string_view datagram);

/// What stands before the first '=' of a line; nothing where there is none.
std::optional<std::string> name(const std::string& line);
/// What stands behind it.
std::string value(const std::string& line);

/// Whether `text` is a value of that type.
bool is_value(field::ValueType type, const std::string& text);

/// What a service manager that keeps to the documents knows after some datagrams, of what any process may
/// say.
struct Service {
  std::map<std::string, std::string>
      known;             ///< by field: STATUS, ERRNO, BUSERROR, VARLINKERROR, WATCHDOG_USEC
  bool is_over = false;  ///< somebody has changed who may speak: from there on nothing is said

  void take(const std::vector<std::string>& lines);
};

}  // namespace notifyspec::fuzz::twin
