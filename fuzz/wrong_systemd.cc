// A libsystemd-shared with a bug, by the name in $WRONG_SYSTEMD: what a differential must tell from the real
// one.
//
// It has as much of it as real_systemd.h loads; without a bug it does as systemd does.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kLimit = 4096;

using Fds = std::vector<int>;

bool has(std::string_view bug) {
  const char* const name = std::getenv("WRONG_SYSTEMD");
  return name != nullptr && name == bug;
}

void close_all(const Fds& fds) {
  for (const int fd : fds) ::close(fd);
}

Fds fds_of(const cmsghdr& control) {
  Fds fds((control.cmsg_len - CMSG_LEN(0)) / sizeof(int));
  std::memcpy(fds.data(), CMSG_DATA(&control), fds.size() * sizeof(int));
  return fds;
}

}  // namespace

extern "C" {

int strv_split_newlines_full(char*** lines, const char* text, unsigned int /*flags*/) {
  std::vector<char*> found;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string line(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty()) found.push_back(::strdup(line.c_str()));
  }
  found.push_back(nullptr);
  *lines = static_cast<char**>(std::malloc(found.size() * sizeof(char*)));
  std::memcpy(static_cast<void*>(*lines), static_cast<const void*>(found.data()),
              found.size() * sizeof(char*));
  return 0;
}

int notify_recv_with_fds_strv(int socket, char*** lines, ucred* sender, void* /*pidref*/, Fds** fds) {
  std::array<char, kLimit + 1> bytes;
  iovec place = {.iov_base = bytes.data(), .iov_len = kLimit};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int) * 253)> control;
  msghdr header = {};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t length = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (length < 0) return -errno;
  Fds came;
  bool has_sender = has("asks-nobody");
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_type == SCM_RIGHTS) came = fds_of(*each);
    if (each->cmsg_type != SCM_CREDENTIALS) continue;
    std::memcpy(sender, CMSG_DATA(each), sizeof *sender);
    has_sender = true;
  }
  const int lost = MSG_TRUNC | (has("takes-what-is-left") ? 0 : MSG_CTRUNC);
  if ((header.msg_flags & lost) != 0 || !has_sender || has("fails")) {
    close_all(came);
    return has("fails") ? -EBADMSG : -EAGAIN;
  }
  if (has("names-another-uid")) ++sender->uid;
  if (has("names-itself")) sender->pid = ::getpid();
  if (has("loses-an-fd") && !came.empty()) {
    ::close(came.back());
    came.pop_back();
  }
  bytes[static_cast<std::size_t>(length)] = '\0';
  *fds = new Fds(came);
  return strv_split_newlines_full(lines, bytes.data(), 0);
}

char** strv_free(char** lines) {
  for (char** each = lines; each != nullptr && *each != nullptr; ++each) std::free(*each);
  std::free(static_cast<void*>(lines));
  return nullptr;
}

unsigned int fdset_size(const Fds* fds) {
  return static_cast<unsigned int>(fds->size());
}

Fds* fdset_free(Fds* fds) {
  if (fds != nullptr) close_all(*fds);
  delete fds;
  return nullptr;
}
}
