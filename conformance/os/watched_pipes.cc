#include "os/watched_pipes.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "os/clock.h"

namespace notifyspec::os {
namespace {

bool is_closed(int read_end, int patience_ms) {
  pollfd watched = {.fd = read_end, .events = 0, .revents = 0};
  return ::poll(&watched, 1, patience_ms) > 0 && (watched.revents & POLLHUP) != 0;
}

}  // namespace

std::expected<std::vector<UniqueFd>, OsError> WatchedPipes::add(std::size_t count) {
  std::vector<UniqueFd> write_ends;
  for (std::size_t i = 0; i < count; ++i) {
    std::array<int, 2> ends;
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
      return std::unexpected(last_error("cannot make a pipe"));
    read_ends_.emplace_back(ends[0]);
    write_ends.emplace_back(ends[1]);
  }
  return write_ends;
}

std::size_t WatchedPipes::open(std::size_t first) const {
  std::size_t count = 0;
  for (std::size_t i = first; i < read_ends_.size(); ++i) count += is_closed(read_ends_[i].get(), 0) ? 0 : 1;
  return count;
}

bool WatchedPipes::await_closed(std::size_t first, std::int64_t deadline_usec) const {
  for (std::size_t i = first; i < read_ends_.size(); ++i) {
    const std::int64_t left_ms = std::max<std::int64_t>(0, deadline_usec - monotonic_usec()) / 1000;
    if (!is_closed(read_ends_[i].get(), static_cast<int>(left_ms))) return false;
  }
  return true;
}

}  // namespace notifyspec::os
