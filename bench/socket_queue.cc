#include "socket_queue.h"

#include <fcntl.h>
#include <sched.h>

#include <cstdio>
#include <fstream>

#include "unfit.h"

namespace notifyspec::bench {

SocketQueue::SocketQueue(std::size_t length)
    : before_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
  if (!before_ || ::unshare(CLONE_NEWNET) != 0)
    throw Unfit("needs root: a network namespace with a queue of its own");
  std::ofstream setting("/proc/sys/net/unix/max_dgram_qlen");
  setting << length << std::flush;
  if (!setting) {
    ::setns(before_.get(), CLONE_NEWNET);
    throw Unfit("cannot set net.unix.max_dgram_qlen");
  }
}

SocketQueue::~SocketQueue() {
  if (::setns(before_.get(), CLONE_NEWNET) != 0) std::perror("cannot leave the network namespace");
}

}  // namespace notifyspec::bench
