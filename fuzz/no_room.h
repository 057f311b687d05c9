// While it lives there is no room for so many fds: the kernel leaves some of them out, and says so
// (MSG_CTRUNC).
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

namespace notifyspec::fuzz {

class NoRoomFor {
 public:
  explicit NoRoomFor(std::size_t n_fds) {
    if (n_fds == 0) return;
    const int lowest = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
    ::close(lowest);
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = static_cast<rlim_t>(lowest) + n_fds - 1;
    if (lowest < 0 || ::setrlimit(RLIMIT_NOFILE, &now) != 0) std::abort();
    is_set_ = true;
  }
  NoRoomFor(const NoRoomFor&) = delete;
  NoRoomFor& operator=(const NoRoomFor&) = delete;
  ~NoRoomFor() {
    if (is_set_) ::setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_ = {};
  bool is_set_ = false;
};

}  // namespace notifyspec::fuzz
