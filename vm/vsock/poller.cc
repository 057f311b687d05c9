#include "vsock/poller.h"

#include <algorithm>
#include <cerrno>

namespace notifyspec::vsock {
namespace {

constexpr unsigned kIdBits = 56;

}  // namespace

std::expected<Poller, os::OsError> Poller::make() {
  os::UniqueFd fd(epoll_create1(EPOLL_CLOEXEC));
  if (!fd) return std::unexpected(os::last_error("cannot make an epoll"));
  return Poller(std::move(fd));
}

std::expected<void, os::OsError> Poller::add(int fd, Source source, std::uint64_t id, std::uint32_t events) {
  epoll_event event = {.events = events, .data = {.u64 = static_cast<std::uint64_t>(source) << kIdBits | id}};
  if (epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return {};
  return std::unexpected(os::last_error("cannot watch a socket"));
}

std::expected<void, os::OsError> Poller::add(int fd, Source source, std::uint64_t id) {
  return add(fd, source, id, EPOLLIN);
}

std::expected<void, os::OsError> Poller::add_edge_triggered(int fd, Source source, std::uint64_t id) {
  return add(fd, source, id, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

void Poller::remove(int fd) const {
  epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

std::expected<std::span<const Readiness>, os::OsError> Poller::wait(std::optional<std::int64_t> for_usec) {
  constexpr std::int64_t kUsecPerMsec = 1000;
  constexpr std::int64_t kMostMsec = 3600'000;
  // Rounded up: a deadline that is not reached yet must not be asked for again and again.
  const int msec = for_usec ? static_cast<int>(std::clamp<std::int64_t>(
                                  (*for_usec + kUsecPerMsec - 1) / kUsecPerMsec, 0, kMostMsec))
                            : -1;
  const int count = epoll_wait(fd_.get(), events_.data(), static_cast<int>(events_.size()), msec);
  if (count < 0 && errno != EINTR) return std::unexpected(os::last_error("cannot wait"));
  const std::size_t n_ready = count < 0 ? 0 : static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < n_ready; ++i) {
    const epoll_event& event = events_[i];
    ready_[i] = {.source = static_cast<Source>(event.data.u64 >> kIdBits),
                 .id = event.data.u64 & ((std::uint64_t{1} << kIdBits) - 1),
                 .readable = (event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
                 .writable = (event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
                 .hung_up = (event.events & (EPOLLHUP | EPOLLERR)) != 0};
  }
  return std::span(ready_).first(n_ready);
}

}  // namespace notifyspec::vsock
