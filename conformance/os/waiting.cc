#include "os/waiting.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <vector>

#include "os/clock.h"

namespace notifyspec::os {

std::expected<void, OsError> wait_readable(std::span<const int> fds,
                                           std::optional<std::int64_t> deadline_usec) {
  std::vector<pollfd> watched;
  for (const int fd : fds) watched.push_back({.fd = fd, .events = POLLIN, .revents = 0});
  timespec left = {};
  if (deadline_usec) {
    constexpr std::int64_t kUsecPerSec = 1'000'000;
    const std::int64_t usec = std::max<std::int64_t>(0, *deadline_usec - monotonic_usec());
    left = {.tv_sec = usec / kUsecPerSec, .tv_nsec = usec % kUsecPerSec * 1000};
  }
  const int ready = ppoll(watched.data(), watched.size(), deadline_usec ? &left : nullptr, nullptr);
  if (ready < 0 && errno != EINTR) return std::unexpected(last_error("cannot wait"));
  return {};
}

bool is_readable(int fd) {
  pollfd watched = {.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 0) > 0;
}

}  // namespace notifyspec::os
