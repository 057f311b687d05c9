#include "os/controls.h"

#include <cstring>

namespace notifyspec::os {
namespace {

template <typename T>
T read_control(const cmsghdr& control) {
  T value;
  std::memcpy(&value, CMSG_DATA(&control), sizeof value);
  return value;
}

std::span<int> fds_of(cmsghdr& control) {
  return {reinterpret_cast<int*>(CMSG_DATA(&control)), (control.cmsg_len - CMSG_LEN(0)) / sizeof(int)};
}

void add(cmsghdr& control, Controls& controls) {
  if (control.cmsg_level != SOL_SOCKET) return;
  switch (control.cmsg_type) {
    case SCM_CREDENTIALS:
      controls.sender = read_control<ucred>(control);
      return;
    case SCM_RIGHTS:
      controls.fds = fds_of(control);
      return;
    case SCM_TIMESTAMPNS:
      controls.sent = read_control<timespec>(control);
      return;
    case kControlPidfd:
      controls.pidfd = read_control<int>(control);
      return;
    default:
      return;
  }
}

}  // namespace

Controls read_controls(const msghdr& header) {
  Controls controls;
  auto* const all = const_cast<msghdr*>(&header);  // CMSG_NXTHDR asks for one that it could change
  for (cmsghdr* each = CMSG_FIRSTHDR(all); each != nullptr; each = CMSG_NXTHDR(all, each))
    add(*each, controls);
  return controls;
}

}  // namespace notifyspec::os
