#include "vsock/entrance.h"

namespace notifyspec::vsock {

std::optional<HostSocket> Entrance::admit(std::int64_t now_usec) {
  auto accepted = listener_.accept();
  if (accepted) return *std::move(accepted);
  poller_->remove(listener_.fd());
  rests_until_usec_ = now_usec + kRestUsec;
  return std::nullopt;
}

void Entrance::take_time(std::int64_t now_usec) {
  if (!rests_until_usec_ || now_usec < *rests_until_usec_) return;
  rests_until_usec_.reset();
  if (!open()) rests_until_usec_ = now_usec + kRestUsec;
}

}  // namespace notifyspec::vsock
