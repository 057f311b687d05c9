// A batch: buffers that are made once, and one recvmmsg() that fills as many of them as messages wait.
//
// Behind the bytes of each message stand `spare` bytes that may be read, for those who read in wide steps.
// The fds that come are the caller's: it must look at the controls of each message before the next receive().
// Move-only; allocates when it is made and never again.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <expected>
#include <memory>
#include <string_view>
#include <vector>

#include "os/controls.h"
#include "os/error.h"

namespace notifyspec::os {

class Batch {
 public:
  struct Shape {
    std::size_t count = 32;   ///< messages at once; more gains nothing (bench/README.md)
    std::size_t length;       ///< of the longest message that is taken whole, bytes
    std::size_t spare = 0;    ///< bytes
    bool with_peers = false;  ///< whether the sender's address is asked for
  };

  /// Makes no more buffers than the limit of open files (RLIMIT_NOFILE) lets be filled with fds.
  explicit Batch(const Shape& shape);

  /// How many messages came, at most `limit`; 0 where none waits. Does not block.
  std::expected<std::size_t, OsError> receive(int socket, std::size_t limit);

  std::size_t capacity() const { return headers_.size(); }
  /// The bytes of message `place` of the last receive(); as the rest, until the next one.
  std::string_view bytes(std::size_t place) const {
    return {static_cast<const char*>(buffers_[place].iov_base), headers_[place].msg_len};
  }
  const msghdr& header(std::size_t place) const { return headers_[place].msg_hdr; }
  const sockaddr_storage& peer(std::size_t place) const { return peers_[place]; }

 private:
  void reset(std::size_t place);

  std::unique_ptr<char[]> bytes_;  // not zeroed: pages that no message reaches cost nothing
  std::vector<ControlBuffer> controls_;
  std::vector<sockaddr_storage> peers_;
  std::vector<iovec> buffers_;
  std::vector<mmsghdr> headers_;
  std::size_t n_used_ = 0;
};

}  // namespace notifyspec::os
