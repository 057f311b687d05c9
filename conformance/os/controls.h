// What stands in the control messages of one received message: who sent it, when, and the fds that came
// along.
//
// Views and numbers only: the fds stay open, and whoever reads them owns them (os/ancillary.h closes them,
// os/mailbox.h and os/delivery.h keep them). Does not look at the bytes. Allocates nothing.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <ctime>
#include <optional>
#include <span>

#include "os/socket_address.h"

namespace notifyspec::os {

struct Controls {
  std::optional<ucred> sender;   ///< SO_PASSCRED
  std::optional<timespec> sent;  ///< SO_TIMESTAMPNS: CLOCK_REALTIME of the send
  std::optional<int> pidfd;      ///< SO_PASSPIDFD, Linux 6.5
  std::span<int> fds;  ///< SCM_RIGHTS, in place: the kernel gathers those of a message into one array
};

/// Room for all that one message can bring.
struct ControlBuffer {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(timespec)) +
                                        CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(int) * kMaxFds)> bytes;
};

/// What recvmsg() has put into `header`.
Controls read_controls(const msghdr& header);

/// SO_PASSPIDFD and SCM_PIDFD, which the headers of Debian 12 do not have (Linux 6.5, asm-generic).
inline constexpr int kPassPidfd = 76;
inline constexpr int kControlPidfd = 4;

}  // namespace notifyspec::os
