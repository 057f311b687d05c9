// The cast of a play: the processes in whose name the datagrams of a vector are sent.
//
// `main` is this process; the others are made when they are needed. Which of them are of the service is for
// the receiver to know: it is told, or looks at their cgroup.
#pragma once

#include <sys/types.h>

#include <expected>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "os/deputy.h"
#include "os/error.h"
#include "os/socket_address.h"
#include "verdict/vector.h"

namespace notifyspec::cli {

/// The processes that a vector speaks of, but for main.
std::set<std::string> roles_in(const verdict::Vector& vector);

class Cast {
 public:
  /// `stranger_cgroup`: where the stranger goes; empty: it stays with us.
  static std::expected<Cast, os::OsError> make(const std::set<std::string>& roles,
                                               const std::string& stranger_cgroup);

  /// By role, main among them.
  std::map<std::string, pid_t> pids() const;

  /// Sends one message in the name of `role`. ENOENT where nobody plays it.
  std::expected<void, os::OsError> send(std::string_view role, const os::SocketAddress& to,
                                        std::string_view data, std::span<const int> fds, int flags);

 private:
  std::map<std::string, os::Deputy, std::less<>> deputies_;
};

}  // namespace notifyspec::cli
