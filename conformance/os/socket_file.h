// The file of a bound AF_UNIX socket, which the kernel leaves behind when the socket is closed.
//
// Move-only; the file goes away with the object, unless somebody has put another in its place.
#pragma once

#include <sys/types.h>

#include <string>

namespace notifyspec::os {

class SocketFile {
 public:
  SocketFile() = default;
  /// Remembers which file `path` is now.
  explicit SocketFile(std::string path);
  SocketFile(SocketFile&& other) noexcept;
  SocketFile& operator=(SocketFile&& other) noexcept;
  ~SocketFile();

 private:
  std::string path_;  ///< empty: nothing to remove
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace notifyspec::os
