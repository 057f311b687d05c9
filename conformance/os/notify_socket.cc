#include "os/notify_socket.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "os/unix_socket.h"

namespace notifyspec::os {
namespace {

constexpr std::size_t kMaxBatch = 32;
constexpr std::size_t kControlSize =
    CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int) * kMaxFds) + CMSG_SPACE(sizeof(timespec));

/// How many datagrams may be received at once: were each to bring as many fds as it can, they must all fit.
std::size_t batch_size() {
  constexpr rlim_t kSpare = 64;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < kSpare + kMaxFds) return 1;
  return std::min<std::size_t>(kMaxBatch, (limit.rlim_cur - kSpare) / kMaxFds);
}

/// Whether `path` is a socket that nobody listens on: left behind by a process that could not clean up.
bool is_stale_socket(const std::string& path, const SocketAddress& address) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const auto probe = make_datagram_socket(SOCK_NONBLOCK);
  return probe && ::connect(probe->get(), address.get(), address.length) != 0 && errno == ECONNREFUSED;
}

/// 0, or the errno of the refusal.
int bind_or_replace(const UniqueFd& fd, const wire::UnixAddress& address) {
  const SocketAddress name = to_socket_address(address);
  if (::bind(fd.get(), name.get(), name.length) == 0) return 0;
  const int refusal = errno;
  if (refusal != EADDRINUSE || address.abstract || !is_stale_socket(address.name, name)) return refusal;
  ::unlink(address.name.c_str());
  return ::bind(fd.get(), name.get(), name.length) == 0 ? 0 : errno;
}

OsError bind_error(const wire::UnixAddress& address, int code) {
  OsError error = error_of(code, "cannot listen on " + wire::format(address));
  struct stat status = {};
  if (code == ENOENT || code == ENOTDIR) {
    error.reason += "; make the directory first";
  } else if (code == EADDRINUSE && !address.abstract && lstat(address.name.c_str(), &status) == 0 &&
             !S_ISSOCK(status.st_mode)) {
    error.reason += ": something that is no socket is there; remove it, or choose another name";
  } else if (code == EADDRINUSE) {
    error.reason += ": somebody listens there; end that, or choose another name";
  }
  return error;
}

std::expected<void, OsError> switch_on(const UniqueFd& fd, int option) {
  const int on = 1;
  if (setsockopt(fd.get(), SOL_SOCKET, option, &on, sizeof on) == 0) return {};
  return std::unexpected(last_error("cannot set a socket option"));
}

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

struct NotifySocket::Batch {
  explicit Batch(std::size_t count)
      : bytes(std::make_unique_for_overwrite<char[]>(count * kReceiveLimit)),
        controls(count),
        buffers(count),
        headers(count) {
    for (std::size_t i = 0; i < count; ++i)
      buffers[i] = {.iov_base = bytes.get() + i * kReceiveLimit, .iov_len = kReceiveLimit};
  }

  /// The kernel writes lengths back, so they are set anew before each call.
  void reset() {
    for (std::size_t i = 0; i < headers.size(); ++i) {
      msghdr& header = headers[i].msg_hdr;
      header = {};
      header.msg_iov = &buffers[i];
      header.msg_iovlen = 1;
      header.msg_control = controls[i].bytes.data();
      header.msg_controllen = controls[i].bytes.size();
    }
  }

  struct Control {
    alignas(cmsghdr) std::array<char, kControlSize> bytes;
  };
  std::unique_ptr<char[]> bytes;  // not zeroed: pages that no datagram reaches cost nothing
  std::vector<Control> controls;
  std::vector<iovec> buffers;
  std::vector<mmsghdr> headers;
};

void NotifySocket::DeleteBatch::operator()(Batch* batch) const {
  delete batch;
}

NotifySocket::NotifySocket(UniqueFd fd, SocketFile file)
    : file_(std::move(file)), fd_(std::move(fd)), batch_(new Batch(batch_size())) {}

std::expected<NotifySocket, OsError> NotifySocket::bind(const wire::UnixAddress& address) {
  auto fd = make_datagram_socket(SOCK_NONBLOCK);
  if (!fd) return std::unexpected(fd.error());
  // Before the first datagram can come: one that is queued without its stamp never gets it.
  for (const int option : {SO_PASSCRED, SO_TIMESTAMPNS}) {
    if (const auto done = switch_on(*fd, option); !done) return std::unexpected(done.error());
  }
  if (const int refusal = bind_or_replace(*fd, address); refusal != 0) {
    return std::unexpected(bind_error(address, refusal));
  }
  SocketFile file = address.abstract ? SocketFile() : SocketFile(address.name);
  constexpr mode_t kEverybody = 0666;
  if (!address.abstract && ::chmod(address.name.c_str(), kEverybody) != 0) {
    return std::unexpected(last_error("cannot open " + address.name + " to everybody"));
  }
  return NotifySocket(std::move(*fd), std::move(file));
}

Arrival NotifySocket::read_arrival(std::size_t place, const WallClock& clock, std::int64_t now_usec) {
  const mmsghdr& received = batch_->headers[place];
  msghdr header = received.msg_hdr;
  Arrival arrival;
  arrival.data = {static_cast<const char*>(batch_->buffers[place].iov_base), received.msg_len};
  arrival.truncated = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  std::int64_t sent_usec = now_usec;
  for (const cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, const_cast<cmsghdr*>(control))) {
    if (control->cmsg_level != SOL_SOCKET) continue;
    if (control->cmsg_type == SCM_CREDENTIALS) {
      const auto sender = read_control<ucred>(*control);
      arrival.pid = sender.pid;
      arrival.uid = sender.uid;
      arrival.gid = sender.gid;
    } else if (control->cmsg_type == SCM_RIGHTS) {
      arrival.n_fds = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      close_fds(*control, arrival.n_fds);
    } else if (control->cmsg_type == SCM_TIMESTAMPNS) {
      const auto wall = read_control<timespec>(*control);
      sent_usec = clock.to_monotonic_nsec(wall.tv_sec * 1'000'000'000 + wall.tv_nsec) / 1000;
    }
  }
  // Two senders may be stamped in one order and queued in the other, and the wall clock may be set: the
  // queue's order is the one that a receiver sees.
  last_usec_ = std::max(last_usec_, std::min(sent_usec, now_usec));
  arrival.sent_usec = last_usec_;
  return arrival;
}

std::expected<std::span<const Arrival>, OsError> NotifySocket::receive(std::size_t limit, WallClock& clock) {
  arrivals_.clear();
  batch_->reset();
  const auto count = static_cast<unsigned>(std::min(limit, batch_->headers.size()));
  if (count == 0) return arrivals_;
  const int received =
      recvmmsg(fd_.get(), batch_->headers.data(), count, MSG_CMSG_CLOEXEC | MSG_DONTWAIT, nullptr);
  if (received < 0) {
    if (errno == EAGAIN || errno == EINTR) return arrivals_;
    return std::unexpected(last_error("cannot receive"));
  }
  clock.check();
  const std::int64_t now_usec = monotonic_usec();
  for (int i = 0; i < received; ++i)
    arrivals_.push_back(read_arrival(static_cast<std::size_t>(i), clock, now_usec));
  return arrivals_;
}

}  // namespace notifyspec::os
