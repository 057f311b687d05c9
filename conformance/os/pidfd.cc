#include "os/pidfd.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "os/unique_fd.h"

namespace notifyspec::os {

std::optional<std::uint64_t> pidfd_id(pid_t pid) {
  constexpr long kPidFs = 0x50494446;  // PID_FS_MAGIC of linux/magic.h
  const UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  struct statfs system = {};
  struct stat status = {};
  if (!fd || ::fstatfs(fd.get(), &system) != 0 || system.f_type != kPidFs) return std::nullopt;
  if (::fstat(fd.get(), &status) != 0) return std::nullopt;
  return status.st_ino;
}

}  // namespace notifyspec::os
