#include "vsock/mapping.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

namespace notifyspec::vsock {

std::expected<Mapping, os::OsError> Mapping::map(const os::UniqueFd& fd, std::uint64_t offset,
                                                 std::uint64_t size) {
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) return std::unexpected(os::last_error("cannot look at guest memory"));
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
  if (size == 0 || offset > kMost || size > kMost - offset) {
    return std::unexpected(os::error_of(EINVAL, "cannot map guest memory"));
  }
  if (S_ISREG(status.st_mode) && offset + size > static_cast<std::uint64_t>(status.st_size)) {
    return std::unexpected(
        os::error_of(EINVAL, "cannot map guest memory: its file is shorter than the region"));
  }
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t before = offset % page;
  void* const start = mmap(nullptr, size + before, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                           fd.get(), static_cast<off_t>(offset - before));
  if (start == MAP_FAILED) return std::unexpected(os::last_error("cannot map guest memory"));
  const std::span whole(static_cast<std::byte*>(start), size + before);
  return Mapping(whole, whole.subspan(before));
}

Mapping::~Mapping() {
  if (!whole_.empty()) munmap(whole_.data(), whole_.size());
}

}  // namespace notifyspec::vsock
