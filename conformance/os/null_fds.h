// Fds to send along: as many as are wanted, each a number of its own, all of /dev/null.
//
// Move-only; closed with the object.
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <utility>
#include <vector>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

class NullFds {
 public:
  /// EMFILE where this process may not have so many.
  static std::expected<NullFds, OsError> open(std::size_t count);

  std::span<const int> all() const { return numbers_; }

 private:
  std::vector<UniqueFd> owned_;
  std::vector<int> numbers_;
};

}  // namespace notifyspec::os
