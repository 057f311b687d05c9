#include "vsock/vhost_user_socket.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "os/error.h"

namespace notifyspec::vsock {
namespace {

std::unexpected<VmmGone> gone(std::string reason) {
  return std::unexpected(VmmGone{.reason = std::move(reason)});
}

}  // namespace

/// True once `size` bytes of the message are there.
std::expected<bool, VmmGone> VhostUserSocket::fill(std::size_t size) {
  while (received_.size() < size) {
    const std::size_t before = received_.size();
    received_.resize(size);
    iovec place = {.iov_base = received_.data() + before, .iov_len = size - before};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMostMemoryRegions)> control;
    msghdr header = {};
    header.msg_iov = &place;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t count = recvmsg(fd_.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    const int error = errno;
    received_.resize(before + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && (error == EAGAIN || error == EINTR)) return false;
    if (count < 0) return gone(os::error_of(error, "cannot hear the VMM").reason);
    for (const cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr;
         item = CMSG_NXTHDR(&header, const_cast<cmsghdr*>(item))) {
      if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
      for (std::size_t i = 0; i < (item->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(item) + i * sizeof fd, sizeof fd);
        fds_.emplace_back(fd);
      }
    }
    if ((header.msg_flags & MSG_CTRUNC) != 0)
      return gone("a vhost-user message with more fds than it may have");
    if (count == 0) return gone(received_.empty() ? "" : "the VMM went away in the middle of a message");
  }
  return true;
}

std::expected<std::optional<VhostMessage>, VmmGone> VhostUserSocket::receive() {
  const auto has_header = fill(kVhostHeaderSize);
  if (!has_header) return std::unexpected(has_header.error());
  if (!*has_header) return std::nullopt;
  const auto header = parse_vhost_header(std::span(received_).first<kVhostHeaderSize>());
  if (!header) return gone(header.error());
  const auto whole = fill(kVhostHeaderSize + header->size);
  if (!whole) return std::unexpected(whole.error());
  if (!*whole) return std::nullopt;
  const auto body =
      parse_vhost_body(header->request, std::span(received_).subspan(kVhostHeaderSize), fds_.size());
  if (!body) return gone(body.error());
  received_.clear();
  return VhostMessage{.request = header->request,
                      .wants_reply = (header->flags & kWantsReply) != 0,
                      .body = *body,
                      .fds = std::exchange(fds_, {})};
}

std::expected<void, VmmGone> VhostUserSocket::reply(std::uint32_t request,
                                                    std::span<const std::byte> body) const {
  const std::vector<std::byte> bytes = format_reply(request, body);
  const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count == static_cast<ssize_t>(bytes.size())) return {};
  return gone("the VMM does not take our reply");
}

}  // namespace notifyspec::vsock
