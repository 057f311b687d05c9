// Pipes whose write ends are given away: from the read ends one sees who still holds one.
//
// Rule: the kernel reports a hang-up once the last copy of a write end is closed, also those that lie in a
// message that nobody has read. Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

class WatchedPipes {
 public:
  /// So many more; their write ends are the caller's to give away and to close.
  std::expected<std::vector<UniqueFd>, OsError> add(std::size_t count);

  std::size_t size() const { return read_ends_.size(); }
  /// How many write ends somebody holds, of those from number `first` on.
  std::size_t open(std::size_t first = 0) const;
  /// Waits until nobody holds one from number `first` on; false: at `deadline_usec` somebody still did.
  bool await_closed(std::size_t first, std::int64_t deadline_usec) const;

 private:
  std::vector<UniqueFd> read_ends_;
};

}  // namespace notifyspec::os
