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

#include "no_room.h"
#include "os/controls.h"
#include "os/unique_fd.h"
#include "sender.h"
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

/// Two ends, the second of which is told who sends; but not where that is to be lost.
std::pair<os::UniqueFd, os::UniqueFd> connected(bool with_credentials) {
  std::array<int, 2> ends;
  const int passes = with_credentials ? 1 : 0;
  if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) < 0 ||
      ::setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &passes, sizeof passes) < 0)
    std::abort();
  return {os::UniqueFd(ends[0]), os::UniqueFd(ends[1])};
}

bool send_as(const ucred& sender, int socket, const Datagram& datagram, int fd) {
  iovec bytes = {.iov_base = const_cast<char*>(datagram.bytes.data()), .iov_len = datagram.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int) * os::kMaxFds)>
      control = {};
  msghdr header = {};
  header.msg_iov = &bytes;
  header.msg_iovlen = 1;
  std::size_t used = 0;
  const auto add = [&](int type, const void* data, std::size_t size) {
    auto* const place = reinterpret_cast<cmsghdr*>(control.data() + used);
    *place = {.cmsg_len = CMSG_LEN(size), .cmsg_level = SOL_SOCKET, .cmsg_type = type};
    std::memcpy(CMSG_DATA(place), data, size);
    used += CMSG_SPACE(size);
  };
  add(SCM_CREDENTIALS, &sender, sizeof sender);
  const std::vector<int> fds(datagram.n_fds, fd);
  if (!fds.empty()) add(SCM_RIGHTS, fds.data(), fds.size() * sizeof(int));
  header.msg_control = control.data();
  header.msg_controllen = used;
  return ::sendmsg(socket, &header, MSG_NOSIGNAL) >= 0;
}

/// Who was let send it: without privileges nobody but ourselves.
ucred send(int socket, const Datagram& datagram, int fd) {
  for (const From from : {datagram.from, From::kMain}) {
    const ucred sender = sender_of(from);
    if (send_as(sender, socket, datagram, fd)) return sender;
    if (errno != EPERM) std::abort();
  }
  std::abort();
}

bool same(const ucred& one, const ucred& other) {
  return one.pid == other.pid && one.uid == other.uid && one.gid == other.gid;
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
  return !datagram.truncated && datagram.bytes.size() <= wire::kDatagramLimit &&
         datagram.bytes.find('\0') == std::string::npos;
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
  auto [to, receiver] = connected(!datagram.truncated || datagram.n_fds > 0);
  ucred sender;
  {
    const os::UniqueFd fd(pipe[1]);
    sender = send(to.get(), datagram, fd.get());
  }
  char** lines = nullptr;
  void* fds = nullptr;
  ucred who = {};
  int result;
  {
    const NoRoomFor lost(datagram.truncated ? datagram.n_fds : 0);
    result = calls_.receive(receiver.get(), &lines, &who, nullptr, &fds);
  }
  Reading out;
  if (result >= 0) {
    out.lines = taken(calls_, lines);
    const std::size_t n_fds = fds == nullptr ? 0 : calls_.count_fds(fds);
    if (n_fds != datagram.n_fds) out.fault = std::to_string(n_fds) + " fds came";
    if (!same(who, sender)) out.fault = "it names another sender";
    calls_.close_fds(fds);
  } else if (result != -EAGAIN) {
    out.fault = std::string("it failed: ") + std::strerror(-result);
  }
  if (!is_closed(witness.get())) out.fault = "an fd is left open";
  return out;
}

}  // namespace notifyspec::fuzz
