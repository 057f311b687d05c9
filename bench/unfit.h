// What this machine does not have: an older kernel, or no privilege. Who needs it is left out, and is no
// failure.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace notifyspec::bench {

struct Unfit : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// So begins what a benchmark says in place of an error, where it is left out.
inline constexpr std::string_view kSkipped = "skipped: ";

inline std::string skipped(const Unfit& unfit) {
  return std::string(kSkipped) + unfit.what();
}

}  // namespace notifyspec::bench
