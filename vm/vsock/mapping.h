// Memory of another process, mapped by its fd.
//
// Move-only; unmapped on every path. Refuses an fd that is shorter than what is to be mapped: reading behind
// the end of a file is a signal (SIGBUS) and no error code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <utility>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::vsock {

class Mapping {
 public:
  /// Maps `size` bytes from `offset` on, to read and write, shared.
  static std::expected<Mapping, os::OsError> map(const os::UniqueFd& fd, std::uint64_t offset,
                                                 std::uint64_t size);
  Mapping(Mapping&& other) noexcept
      : whole_(std::exchange(other.whole_, {})), bytes_(std::exchange(other.bytes_, {})) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(whole_, other.whole_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::span<std::byte> bytes() const { return bytes_; }

 private:
  Mapping(std::span<std::byte> whole, std::span<std::byte> bytes) : whole_(whole), bytes_(bytes) {}

  std::span<std::byte> whole_;  ///< from the page that holds `offset` on
  std::span<std::byte> bytes_;
};

}  // namespace notifyspec::vsock
