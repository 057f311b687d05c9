// The fd store: which of the fds that came a service manager keeps, and under which name.
//
// Rules (sd_notify(3), FDSTORE=1, FDNAME=; systemd.service(5), FileDescriptorStoreMax=): up to a limit, all
// fds of one message under one name, removed by name. An fd is the number of its arrival; what it is open on
// is not known here, and who has the real one closes those that are not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notifyspec::model {

struct StoredFd {
  std::uint64_t serial;  ///< of all fds that came, from 0
  std::string name;

  friend bool operator==(const StoredFd&, const StoredFd&) = default;
};

class FdStore {
 public:
  explicit FdStore(std::size_t limit) : limit_(limit) {}

  /// Keeps as many of the `count` fds from `first_serial` on as there is room for.
  void keep(std::uint64_t first_serial, std::size_t count, std::string_view name);
  /// Forgets all of that name.
  void remove(std::string_view name);

  /// In the order of their arrival.
  std::span<const StoredFd> fds() const { return fds_; }
  /// Their names, sorted, with one blank between them.
  std::string names() const;

 private:
  std::size_t limit_;
  std::vector<StoredFd> fds_;
};

}  // namespace notifyspec::model
