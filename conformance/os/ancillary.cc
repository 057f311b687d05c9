#include "os/ancillary.h"

#include <unistd.h>

namespace notifyspec::os {

Ancillary take_ancillary(const msghdr& header) {
  const Controls controls = read_controls(header);
  for (const int fd : controls.fds) ::close(fd);
  Ancillary result = {.sender = controls.sender, .n_fds = controls.fds.size(), .wall_nsec = {}};
  if (controls.sent) result.wall_nsec = controls.sent->tv_sec * 1'000'000'000 + controls.sent->tv_nsec;
  return result;
}

}  // namespace notifyspec::os
