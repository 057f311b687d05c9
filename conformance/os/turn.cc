#include "os/turn.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace notifyspec::os {

std::expected<UniqueFd, OsError> wait_for_turn(const std::string& path) {
  if (path.empty()) return UniqueFd();
  constexpr mode_t kMode = 0644;
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode));
  if (!fd) return std::unexpected(last_error("cannot open " + path));
  while (::flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return std::unexpected(last_error("cannot lock " + path));
  return fd;
}

}  // namespace notifyspec::os
