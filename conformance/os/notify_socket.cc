#include "os/notify_socket.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "os/ancillary.h"
#include "os/peer.h"
#include "os/socket_address.h"

namespace notifyspec::os {
namespace {

constexpr std::size_t kMaxBatch = 32;

/// How many datagrams may be received at once: were each to bring as many fds as it can, they must all fit.
std::size_t batch_size() {
  constexpr rlim_t kSpare = 64;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < kSpare + kMaxFds) return 1;
  return std::min<std::size_t>(kMaxBatch, (limit.rlim_cur - kSpare) / kMaxFds);
}

}  // namespace

struct NotifySocket::Batch {
  explicit Batch(std::size_t count)
      : bytes(std::make_unique_for_overwrite<char[]>(count * kReceiveLimit)),
        controls(count),
        peers(count),
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
      header.msg_name = &peers[i];
      header.msg_namelen = sizeof peers[i];
      header.msg_control = controls[i].bytes.data();
      header.msg_controllen = controls[i].bytes.size();
    }
  }

  std::unique_ptr<char[]> bytes;  // not zeroed: pages that no datagram reaches cost nothing
  std::vector<AncillaryBuffer> controls;
  std::vector<sockaddr_storage> peers;
  std::vector<iovec> buffers;
  std::vector<mmsghdr> headers;
};

void NotifySocket::DeleteBatch::operator()(Batch* batch) const {
  delete batch;
}

NotifySocket::NotifySocket(BoundSocket socket)
    : socket_(std::move(socket)), batch_(new Batch(batch_size())) {}

std::expected<NotifySocket, OsError> NotifySocket::bind(const wire::Endpoint& endpoint) {
  // Before the first datagram can come: one that is queued without its stamp never gets it.
  auto socket = bind_socket(endpoint, {SO_PASSCRED, SO_TIMESTAMPNS});
  if (!socket) return std::unexpected(std::move(socket.error()));
  return NotifySocket(std::move(*socket));
}

Arrival NotifySocket::read_arrival(std::size_t place, const WallClock& clock, std::int64_t now_usec) {
  mmsghdr& received = batch_->headers[place];
  const Ancillary ancillary = take_ancillary(received.msg_hdr);
  Arrival arrival;
  arrival.data.assign(static_cast<const char*>(batch_->buffers[place].iov_base), received.msg_len);
  arrival.truncated = (received.msg_hdr.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  arrival.n_fds = ancillary.n_fds;
  if (ancillary.sender) {
    arrival.pid = ancillary.sender->pid;
    arrival.uid = ancillary.sender->uid;
    arrival.gid = ancillary.sender->gid;
  }
  if (const sockaddr_storage& name = batch_->peers[place]; name.ss_family == AF_VSOCK) {
    arrival.peer = vsock_peer(name, received.msg_hdr.msg_namelen);
    arrival.type = wire::SocketType::kDgram;
  }
  const std::int64_t sent_usec =
      ancillary.wall_nsec ? clock.to_monotonic_nsec(*ancillary.wall_nsec) / 1000 : now_usec;
  // Two senders may be stamped in one order and queued in the other, and the wall clock may be set: the
  // queue's order is the one that a receiver sees.
  last_usec_ = std::max(last_usec_, std::min(sent_usec, now_usec));
  arrival.sent_usec = last_usec_;
  return arrival;
}

std::expected<std::span<Arrival>, OsError> NotifySocket::receive(std::size_t limit,
                                                                 const Reception& reception) {
  arrivals_.clear();
  batch_->reset();
  const auto count = static_cast<unsigned>(std::min(limit, batch_->headers.size()));
  if (count == 0) return arrivals_;
  const int received =
      recvmmsg(fd(), batch_->headers.data(), count, MSG_CMSG_CLOEXEC | MSG_DONTWAIT, nullptr);
  if (received < 0) {
    if (errno == EAGAIN || errno == EINTR) return arrivals_;
    return std::unexpected(last_error("cannot receive"));
  }
  reception.clock.check();
  const std::int64_t now_usec = monotonic_usec();
  for (int i = 0; i < received; ++i)
    arrivals_.push_back(read_arrival(static_cast<std::size_t>(i), reception.clock, now_usec));
  return arrivals_;
}

}  // namespace notifyspec::os
