#include "os/notifier.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <variant>

#include "os/clock.h"
#include "os/connection_sender.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::os {
namespace {

constexpr const char* kVariable = "NOTIFY_SOCKET";
constexpr std::int64_t kPatienceUsec = 30'000'000;  // of a listener of AF_VSOCK that does not close

/// Unsets the variable on every way out.
class Unsetting {
 public:
  explicit Unsetting(bool wanted) : wanted_(wanted) {}
  Unsetting(const Unsetting&) = delete;
  Unsetting& operator=(const Unsetting&) = delete;
  ~Unsetting() {
    if (wanted_) ::unsetenv(kVariable);
  }

 private:
  bool wanted_;
};

/// Credentials and fds, laid out as the kernel wants them.
class Company {
 public:
  explicit Company(msghdr& header) : header_(header) { header_.msg_control = bytes_.data(); }

  void add(int type, const void* content, std::size_t size) {
    cmsghdr control = {};
    control.cmsg_level = SOL_SOCKET;
    control.cmsg_type = type;
    control.cmsg_len = CMSG_LEN(size);
    char* const place = bytes_.data() + header_.msg_controllen;
    std::memcpy(place, &control, sizeof control);
    std::memcpy(place + CMSG_LEN(0), content, size);
    header_.msg_controllen += CMSG_SPACE(size);
  }

 private:
  msghdr& header_;
  alignas(
      cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int) * kMaxFds)> bytes_ = {};
};

/// One sendmsg(); with foreign credentials where `pid` is not 0. 0 or the errno.
int send_message(int socket, const SocketAddress& to, const Notification& notification, pid_t pid) {
  iovec payload = {.iov_base = const_cast<char*>(notification.state.data()),
                   .iov_len = notification.state.size()};
  SocketAddress name = to;
  msghdr header = {};
  header.msg_name = &name.storage;
  header.msg_namelen = name.length;
  header.msg_iov = &payload;
  header.msg_iovlen = 1;
  Company company(header);
  if (pid != 0) {
    const ucred sender = {.pid = pid, .uid = ::getuid(), .gid = ::getgid()};
    company.add(SCM_CREDENTIALS, &sender, sizeof sender);
  }
  if (!notification.fds.empty())
    company.add(SCM_RIGHTS, notification.fds.data(), notification.fds.size_bytes());
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? errno : 0;
}

int send_over_vsock(const wire::VsockAddress& address, std::string_view state) {
  const auto sender = ConnectionSender::make(address, kPatienceUsec);
  if (!sender) return -sender.error().code;
  const auto sent = (*sender)->send(state, 0);
  if (sent) return 1;
  return sent.error().code == 0 ? -EIO : -sent.error().code;
}

/// As poll(2): positive once the other end of `pipe` is closed everywhere, 0 after the time, or -errno.
int wait_closed(int pipe, std::optional<std::uint64_t> timeout_usec) {
  constexpr std::uint64_t kUsecPerSec = 1'000'000;
  const std::uint64_t usec = timeout_usec.value_or(0);
  const timespec time = {.tv_sec = static_cast<time_t>(usec / kUsecPerSec),
                         .tv_nsec = static_cast<long>(usec % kUsecPerSec * 1000)};
  pollfd watched = {.fd = pipe, .events = 0, .revents = 0};
  const int ready = ::ppoll(&watched, 1, timeout_usec ? &time : nullptr, nullptr);
  return ready < 0 ? -errno : ready;
}

}  // namespace

int notify_at(const wire::UnixAddress& address, const Notification& notification) {
  if (notification.fds.size() > kMaxFds) return -E2BIG;
  const auto socket = make_socket(AF_UNIX, wire::SocketType::kDgram, 0);
  if (!socket) return -socket.error().code;
  widen_send_buffer(socket->get());
  const SocketAddress to = to_socket_address(address);
  const pid_t pid = notification.on_behalf_of == ::getpid() ? 0 : notification.on_behalf_of;
  int refused = send_message(socket->get(), to, notification, pid);
  // To speak for another process is a privilege: without it the message is to go all the same, as our own.
  if (pid != 0 && (refused == EPERM || refused == ESRCH)) {
    refused = send_message(socket->get(), to, notification, 0);
  }
  return refused == 0 ? 1 : -refused;
}

int notify(const Notification& notification) {
  const Unsetting unsetting(notification.unset_environment);
  const char* const value = std::getenv(kVariable);
  if (value == nullptr) return 0;
  const auto address = wire::parse_notify_socket(value);
  if (!address) return -EINVAL;
  if (const auto* const local = std::get_if<wire::UnixAddress>(&*address))
    return notify_at(*local, notification);
  return send_over_vsock(std::get<wire::VsockAddress>(*address), notification.state);
}

int notify_barrier(bool unset_environment, std::optional<std::uint64_t> timeout_usec) {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    const int code = errno;
    const Unsetting unsetting(unset_environment);
    return -code;
  }
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  const std::array<int, 1> fds = {theirs.get()};
  const int sent = notify({.state = "BARRIER=1", .fds = fds, .unset_environment = unset_environment});
  if (sent <= 0) return sent;
  theirs = UniqueFd();  // what is left of it is the receiver's
  const int closed = wait_closed(ours.get(), timeout_usec);
  return closed == 0 ? -ETIMEDOUT : closed;
}

int notify_reloading(bool unset_environment) {
  const std::string state = fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_usec());
  return notify({.state = state, .unset_environment = unset_environment});
}

}  // namespace notifyspec::os
