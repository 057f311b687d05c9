#include "os/listening_socket.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace notifyspec::os {
namespace {

constexpr std::size_t kBufferSize = kReceiveLimit + 1;
constexpr std::size_t kMaxReady = 256;     // connections that are looked at in one receive()
constexpr std::size_t kMaxAccepted = 256;  // and such that are accepted
constexpr std::uint64_t kListener = UINT64_MAX;

bool watch(const UniqueFd& watcher, int fd, std::uint64_t what) {
  epoll_event event = {.events = EPOLLIN, .data = {.u64 = what}};
  return epoll_ctl(watcher.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

ListeningSocket::ListeningSocket(BoundSocket socket, UniqueFd watch, wire::SocketType type)
    : socket_(std::move(socket)),
      watch_(std::move(watch)),
      type_(type),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferSize)) {}

std::expected<ListeningSocket, OsError> ListeningSocket::bind(const wire::Endpoint& endpoint) {
  // With credentials on, an empty packet of AF_UNIX is told from the end.
  auto socket = bind_socket(endpoint, {SO_PASSCRED});
  if (!socket) return std::unexpected(std::move(socket.error()));
  if (::listen(socket->fd.get(), SOMAXCONN) != 0)
    return std::unexpected(last_error("cannot listen on " + wire::format(endpoint)));
  UniqueFd watcher(epoll_create1(EPOLL_CLOEXEC));
  if (!watcher || !watch(watcher, socket->fd.get(), kListener))
    return std::unexpected(last_error("cannot watch a socket"));
  return ListeningSocket(std::move(*socket), std::move(watcher), type_of(endpoint));
}

std::expected<std::span<Arrival>, OsError> ListeningSocket::receive(std::size_t limit,
                                                                    const Reception& reception) {
  arrivals_.clear();
  if (limit == 0) return arrivals_;
  std::array<epoll_event, kMaxReady> events;
  const int n_events = epoll_wait(watch_.get(), events.data(), static_cast<int>(events.size()), 0);
  if (n_events < 0 && errno != EINTR) return std::unexpected(last_error("cannot watch connections"));
  bool calls = short_of_fds_;
  std::vector<std::int64_t> ready;
  for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(std::max(n_events, 0)))) {
    if (event.data.u64 == kListener) {
      calls = true;
    } else {
      ready.push_back(static_cast<std::int64_t>(event.data.u64));
    }
  }
  std::ranges::sort(ready);
  for (const std::int64_t number : ready) {
    if (arrivals_.size() == limit) return arrivals_;
    const auto place = connections_.find(number);
    if (!read(place->second, limit)) connections_.erase(place);
  }
  if (calls) {
    if (const auto done = accept_all(limit, reception); !done) return std::unexpected(done.error());
  }
  return arrivals_;
}

std::expected<void, OsError> ListeningSocket::accept_all(std::size_t limit, const Reception& reception) {
  for (std::size_t i = 0; i < kMaxAccepted && arrivals_.size() < limit; ++i) {
    sockaddr_storage name = {};
    socklen_t length = sizeof name;
    UniqueFd fd(::accept4(socket_.fd.get(), reinterpret_cast<sockaddr*>(&name), &length,
                          SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (!fd) return refuse_accept(errno);
    if (short_of_fds_ && !watch(watch_, socket_.fd.get(), kListener))
      return std::unexpected(last_error("cannot watch a socket"));
    short_of_fds_ = false;
    ++counts_.accepted;
    const Peer peer = peer_of(fd.get(), name, length);
    const auto done = begin(std::move(fd), peer, limit, reception.n_connections++);
    if (!done) return done;
  }
  return {};
}

std::expected<void, OsError> ListeningSocket::refuse_accept(int code) {
  if (code == EAGAIN) return {};
  if (code != EMFILE && code != ENFILE && code != ENOBUFS && code != ENOMEM)
    return std::unexpected(error_of(code, "cannot accept a connection"));
  if (std::exchange(short_of_fds_, true)) return {};
  ++counts_.shortages;
  // It would stay readable, and whoever waits for it would not wait.
  if (epoll_ctl(watch_.get(), EPOLL_CTL_DEL, socket_.fd.get(), nullptr) == 0) return {};
  return std::unexpected(last_error("cannot stop watching a socket"));
}

/// Most peers have sent all that they will when they are accepted: then nothing is watched.
std::expected<void, OsError> ListeningSocket::begin(UniqueFd fd, Peer peer, std::size_t limit,
                                                    std::int64_t number) {
  Connection connection(std::move(fd), type_, peer, number);
  if (!read(connection, limit)) return {};
  if (!watch(watch_, connection.fd(), static_cast<std::uint64_t>(number)))
    return std::unexpected(last_error("cannot watch a connection"));
  connections_.emplace(number, std::move(connection));
  return {};
}

bool ListeningSocket::read(Connection& connection, std::size_t limit) {
  const std::span<char> buffer(buffer_.get(), kBufferSize);
  const Connection::State state = connection.read(buffer, limit - arrivals_.size(), arrivals_);
  if (state != Connection::State::kReset) return state == Connection::State::kOpen;
  ++counts_.unfinished;
  if (auto rest = connection.unfinished()) arrivals_.push_back(std::move(*rest));
  return false;
}

std::span<Arrival> ListeningSocket::cut_off(std::size_t limit) {
  arrivals_.clear();
  for (auto& [number, connection] : connections_) {
    ++counts_.unfinished;
    if (arrivals_.size() == limit) continue;
    if (auto rest = connection.unfinished()) arrivals_.push_back(std::move(*rest));
  }
  connections_.clear();
  return arrivals_;
}

void raise_fd_limit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace notifyspec::os
