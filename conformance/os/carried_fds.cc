#include "os/carried_fds.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "os/socket_address.h"

namespace notifyspec::os {

std::expected<CarriedFds, OsError> CarriedFds::open() {
  UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return std::unexpected(last_error("cannot open /dev/null"));
  return CarriedFds(std::move(null));
}

ssize_t CarriedFds::send(int socket, std::string_view data, std::size_t count) const {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxFds)> control = {};
  iovec buffer = {.iov_base = const_cast<char*>(data.data()), .iov_len = data.size()};
  msghdr header = {};
  header.msg_iov = &buffer;
  header.msg_iovlen = 1;
  if (count > 0) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
    std::array<int, kMaxFds> fds;
    fds.fill(null_.get());
    std::memcpy(CMSG_DATA(rights), fds.data(), sizeof(int) * count);
  }
  ssize_t sent = -1;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent;
}

}  // namespace notifyspec::os
