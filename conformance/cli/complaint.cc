#include "cli/complaint.h"

#include <fmt/format.h>

#include <cstdio>

namespace notifyspec::cli {

ExitCode complain(ExitCode code, std::string_view reason) {
  fmt::print(stderr, "notifyspec: {}\n", reason);
  return code;
}

}  // namespace notifyspec::cli
