#include "model/fd_store.h"

#include <algorithm>

namespace notifyspec::model {

void FdStore::keep(std::uint64_t first_serial, std::size_t count, std::string_view name) {
  const std::size_t room = limit_ - fds_.size();
  for (std::size_t i = 0; i < std::min(count, room); ++i)
    fds_.push_back({.serial = first_serial + i, .name = std::string(name)});
}

void FdStore::remove(std::string_view name) {
  std::erase_if(fds_, [name](const StoredFd& fd) { return fd.name == name; });
}

std::string FdStore::names() const {
  std::vector<std::string_view> sorted;
  sorted.reserve(fds_.size());
  for (const StoredFd& fd : fds_) sorted.push_back(fd.name);
  std::ranges::sort(sorted);
  std::string joined;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) joined += ' ';
    joined += sorted[i];
  }
  return joined;
}

}  // namespace notifyspec::model
