// Forked processes that do one thing for us and do not outlive us.
//
// The kernel kills them when the thread that forked them ends. For programs of one thread: the child goes on
// where the parent stood.
#pragma once

#include <sys/types.h>

#include <expected>
#include <functional>
#include <string>

#include "os/error.h"

namespace notifyspec::os {

/// A process that does nothing: somebody on whose behalf something can be sent. Killed with the object.
/// Neither copied nor moved.
class IdleProcess {
 public:
  /// pid() is 0 where there can be none.
  IdleProcess();
  IdleProcess(const IdleProcess&) = delete;
  IdleProcess& operator=(const IdleProcess&) = delete;
  ~IdleProcess();

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

/// What `work`, done in a process of its own, gave back. An error where the process died before its word was
/// out: the reason says of what.
std::expected<std::string, OsError> in_child(const std::function<std::string()>& work);

}  // namespace notifyspec::os
