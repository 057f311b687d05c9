#include "os/ancillary.h"

#include <unistd.h>

#include <cstring>

namespace notifyspec::os {
namespace {

void close_fds(const cmsghdr& control, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(&control) + i * sizeof fd, sizeof fd);
    ::close(fd);
  }
}

template <typename T>
T read_control(const cmsghdr& control) {
  T value;
  std::memcpy(&value, CMSG_DATA(&control), sizeof value);
  return value;
}

}  // namespace

Ancillary take_ancillary(msghdr& header) {
  Ancillary result;
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level != SOL_SOCKET) continue;
    if (control->cmsg_type == SCM_CREDENTIALS) {
      result.sender = read_control<ucred>(*control);
    } else if (control->cmsg_type == SCM_RIGHTS) {
      const std::size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      close_fds(*control, count);
      result.n_fds += count;
    } else if (control->cmsg_type == SCM_TIMESTAMPNS) {
      const auto wall = read_control<timespec>(*control);
      result.wall_nsec = wall.tv_sec * 1'000'000'000 + wall.tv_nsec;
    }
  }
  return result;
}

}  // namespace notifyspec::os
