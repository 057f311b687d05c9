// The fds of one message where the kernel has put them, closed with the object but for those that are taken.
//
// Closing them ends a sender's sd_notify_barrier(3). Move-only; allocates nothing.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <span>
#include <utility>

#include "os/unique_fd.h"

namespace notifyspec::os {

class ArrivedFds {
 public:
  ArrivedFds() = default;
  /// Takes over what `fds` holds; the array must stay where it is.
  explicit ArrivedFds(std::span<int> fds) : fds_(fds) {}
  ArrivedFds(ArrivedFds&& other) noexcept : fds_(std::exchange(other.fds_, {})) {}
  ArrivedFds& operator=(ArrivedFds&& other) noexcept {
    std::swap(fds_, other.fds_);
    return *this;
  }
  ArrivedFds(const ArrivedFds&) = delete;
  ArrivedFds& operator=(const ArrivedFds&) = delete;
  ~ArrivedFds() {
    for (const int fd : fds_)
      if (fd >= 0) ::close(fd);
  }

  /// How many came, taken ones among them.
  std::size_t size() const { return fds_.size(); }
  /// The caller's from now on; empty where it was taken before. REQUIRES: place < size().
  UniqueFd take(std::size_t place) { return UniqueFd(std::exchange(fds_[place], -1)); }

 private:
  std::span<int> fds_;
};

}  // namespace notifyspec::os
