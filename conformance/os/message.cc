#include "os/message.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace notifyspec::os {
namespace {

constexpr std::size_t kControlSize = CMSG_SPACE(sizeof(int) * kMaxFds);

}  // namespace

ssize_t send_message(int socket, const SocketAddress* to, std::string_view data, std::span<const int> fds,
                     int flags) {
  alignas(cmsghdr) std::array<char, kControlSize> control = {};
  iovec buffer = {.iov_base = const_cast<char*>(data.data()), .iov_len = data.size()};
  msghdr header = {};
  if (to != nullptr) {
    header.msg_name = const_cast<sockaddr*>(to->get());
    header.msg_namelen = to->length;
  }
  header.msg_iov = &buffer;
  header.msg_iovlen = 1;
  if (!fds.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL | flags);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

ssize_t receive_message(int socket, std::span<char> buffer, std::vector<UniqueFd>& fds) {
  alignas(cmsghdr) std::array<char, kControlSize> control = {};
  iovec place = {.iov_base = buffer.data(), .iov_len = buffer.size()};
  msghdr header = {};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t length = -1;
  do {
    length = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (length < 0 && errno == EINTR);
  fds.clear();
  if (length < 0) return length;
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = CMSG_LEN(0); at < each->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, reinterpret_cast<const char*>(each) + at, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return length;
}

}  // namespace notifyspec::os
