// A queue length of AF_UNIX datagrams that is not the machine's: net.unix.max_dgram_qlen, in a network
// namespace of this thread's own, so that nobody else's changes. A socket keeps the length that it was made
// with. Root only.
#pragma once

#include <cstddef>

#include "os/unique_fd.h"

namespace notifyspec::bench {

class SocketQueue {
 public:
  /// Throws Unfit where it may not.
  explicit SocketQueue(std::size_t length);
  /// Back into the namespace from before.
  ~SocketQueue();
  SocketQueue(const SocketQueue&) = delete;
  SocketQueue& operator=(const SocketQueue&) = delete;

 private:
  os::UniqueFd before_;
};

}  // namespace notifyspec::bench
