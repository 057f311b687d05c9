#include "os/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace notifyspec::os {

OsError error_of(int code, std::string_view what) {
  return {.code = code, .reason = fmt::format("{}: {}", what, std::generic_category().message(code))};
}

OsError last_error(std::string_view what) {
  return error_of(errno, what);
}

}  // namespace notifyspec::os
