// Who sends a datagram, as the kernel lets the privileged say it.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include "scenario.h"

namespace notifyspec::fuzz {

inline ucred sender_of(From from) {
  constexpr uid_t kNobody = 65534;
  ucred sender = {::getpid(), ::getuid(), ::getgid()};
  if (from == From::kChild) sender.pid = ::getppid();
  if (from == From::kOtherUid) sender.uid = sender.gid = kNobody;
  if (from == From::kStranger) sender.pid = 1;
  return sender;
}

}  // namespace notifyspec::fuzz
