#include "os/batch.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace notifyspec::os {
namespace {

/// How many messages may be received at once: were each to bring as many fds as it can, they must all fit.
std::size_t fitting(std::size_t wanted) {
  constexpr rlim_t kSpare = 64;
  constexpr rlim_t kEach = kMaxFds + 1;  // and a pidfd
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < kSpare + kEach) return 1;
  return std::clamp<std::size_t>((limit.rlim_cur - kSpare) / kEach, 1, wanted);
}

}  // namespace

Batch::Batch(const Shape& shape) {
  const std::size_t count = fitting(shape.count);
  const std::size_t stride = shape.length + shape.spare;
  bytes_ = std::make_unique_for_overwrite<char[]>(count * stride);
  controls_.resize(count);
  if (shape.with_peers) peers_.resize(count);
  headers_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    buffers_.push_back({.iov_base = bytes_.get() + i * stride, .iov_len = shape.length});
  for (std::size_t i = 0; i < count; ++i) {
    msghdr& header = headers_[i].msg_hdr;
    header = {};
    header.msg_iov = &buffers_[i];
    header.msg_iovlen = 1;
    header.msg_control = controls_[i].bytes.data();
    if (shape.with_peers) header.msg_name = &peers_[i];
    reset(i);
  }
}

void Batch::reset(std::size_t place) {
  msghdr& header = headers_[place].msg_hdr;
  header.msg_controllen = controls_[place].bytes.size();
  if (header.msg_name != nullptr) header.msg_namelen = sizeof(sockaddr_storage);
}

std::expected<std::size_t, OsError> Batch::receive(int socket, std::size_t limit) {
  // The kernel has written its lengths over ours, where it was.
  for (std::size_t i = 0; i < n_used_; ++i) reset(i);
  n_used_ = 0;
  const auto count = static_cast<unsigned>(std::min(limit, capacity()));
  if (count == 0) return 0;
  // Its own time-out is no way to wait: it is looked at only after a message (recvmmsg(2), Bugs).
  const int received = ::recvmmsg(socket, headers_.data(), count, MSG_CMSG_CLOEXEC | MSG_DONTWAIT, nullptr);
  if (received < 0) {
    if (errno == EAGAIN || errno == EINTR) return 0;
    return std::unexpected(last_error("cannot receive"));
  }
  n_used_ = static_cast<std::size_t>(received);
  return n_used_;
}

}  // namespace notifyspec::os
