#include "real_systemd.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "os/controls.h"
#include "os/unique_fd.h"
#include "wire/datagram.h"

namespace notifyspec::fuzz {
namespace {

constexpr int kPatienceMs = 30'000;  // it may close fds in a process of its own

std::vector<std::string> taken(const SystemdCalls& calls, char** lines) {
  std::vector<std::string> out;
  for (char** each = lines; each != nullptr && *each != nullptr; ++each) out.emplace_back(*each);
  calls.free_lines(lines);
  return out;
}

/// Two ends, the second of which is told who sends.
std::pair<os::UniqueFd, os::UniqueFd> connected() {
  std::array<int, 2> ends;
  const int yes = 1;
  if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) < 0 ||
      ::setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) < 0)
    std::abort();
  return {os::UniqueFd(ends[0]), os::UniqueFd(ends[1])};
}

void send(int socket, const Datagram& datagram, int fd) {
  iovec bytes = {.iov_base = const_cast<char*>(datagram.bytes.data()), .iov_len = datagram.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * os::kMaxFds)> control = {};
  msghdr header = {};
  header.msg_iov = &bytes;
  header.msg_iovlen = 1;
  if (datagram.n_fds > 0) {
    const std::vector<int> fds(datagram.n_fds, fd);
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size() * sizeof(int));
  }
  if (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0) std::abort();
}

/// Whether the other end of the pipe is open nowhere any more.
bool is_closed(int pipe) {
  pollfd end = {.fd = pipe, .events = 0, .revents = 0};
  return ::poll(&end, 1, kPatienceMs) == 1 && (end.revents & POLLHUP) != 0;
}

}  // namespace

std::expected<RealSystemd, std::string> RealSystemd::open(const char* path) {
  const auto calls = SystemdCalls::open(path);
  if (!calls) return std::unexpected(calls.error());
  return RealSystemd(*calls);
}

bool RealSystemd::takes(const Datagram& datagram) const {
  if (receives()) return datagram.n_fds <= os::kMaxFds;
  return datagram.bytes.size() <= wire::kDatagramLimit && datagram.bytes.find('\0') == std::string::npos;
}

Reading RealSystemd::read(const Datagram& datagram) const {
  return receives() ? receive(datagram) : split(datagram);
}

Reading RealSystemd::split(const Datagram& datagram) const {
  char** lines = nullptr;
  if (calls_.split(&lines, datagram.bytes.c_str(), 0) < 0) return {};
  return {.lines = taken(calls_, lines), .fault = {}};
}

Reading RealSystemd::receive(const Datagram& datagram) const {
  std::array<int, 2> pipe;
  if (::pipe2(pipe.data(), O_CLOEXEC) < 0) std::abort();
  const os::UniqueFd witness(pipe[0]);
  auto [sender, receiver] = connected();
  {
    const os::UniqueFd fd(pipe[1]);
    send(sender.get(), datagram, fd.get());
  }
  char** lines = nullptr;
  void* fds = nullptr;
  ucred who = {};
  const int result = calls_.receive(receiver.get(), &lines, &who, nullptr, &fds);
  Reading out;
  if (result >= 0) {
    out.lines = taken(calls_, lines);
    const std::size_t n_fds = fds == nullptr ? 0 : calls_.count_fds(fds);
    if (n_fds != datagram.n_fds) out.fault = std::to_string(n_fds) + " fds came";
    if (who.pid != ::getpid()) out.fault = "it names another sender";
    calls_.close_fds(fds);
  } else if (result != -EAGAIN) {
    out.fault = std::string("it failed: ") + std::strerror(-result);
  }
  if (!is_closed(witness.get())) out.fault = "an fd is left open";
  return out;
}

}  // namespace notifyspec::fuzz
