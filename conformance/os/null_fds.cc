#include "os/null_fds.h"

#include <fcntl.h>

namespace notifyspec::os {

std::expected<NullFds, OsError> NullFds::open(std::size_t count) {
  NullFds fds;
  for (std::size_t i = 0; i < count; ++i) {
    UniqueFd fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!fd) return std::unexpected(last_error("cannot open /dev/null"));
    fds.numbers_.push_back(fd.get());
    fds.owned_.push_back(std::move(fd));
  }
  return fds;
}

}  // namespace notifyspec::os
