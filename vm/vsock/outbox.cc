#include "vsock/outbox.h"

#include <utility>

namespace notifyspec::vsock {

void Outbox::append(std::span<const std::byte> bytes, bool ends_message) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  if (!keeps_messages_) return;
  unfinished_ += bytes.size();
  if (!ends_message) return;
  lengths_.push_back(static_cast<std::uint32_t>(unfinished_));
  unfinished_ = 0;
}

std::optional<std::span<const std::byte>> Outbox::front() const {
  const std::span held = std::span(bytes_).subspan(start_);
  if (keeps_messages_) {
    if (lengths_.empty()) return std::nullopt;
    return held.first(lengths_.front());
  }
  if (held.empty()) return std::nullopt;
  return held;
}

void Outbox::pop(std::size_t count) {
  start_ += count;
  if (keeps_messages_) lengths_.pop_front();
  constexpr std::size_t kWorthKeeping = std::size_t{16} * 1024;
  if (start_ == bytes_.size()) {
    start_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > kWorthKeeping) bytes_.shrink_to_fit();  // idle connections cost nothing
  } else if (start_ > bytes_.size() / 2) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
}

std::size_t Outbox::clear() {
  const std::size_t count = size();
  bytes_ = {};
  start_ = 0;
  lengths_ = {};
  unfinished_ = 0;
  return count;
}

std::size_t Outbox::drop_unfinished() {
  bytes_.resize(bytes_.size() - unfinished_);
  return std::exchange(unfinished_, 0);
}

}  // namespace notifyspec::vsock
