// One message with fds: the call that sends it, and the one that takes it with its fds still open.
//
// What arrives for a recording is taken by os/ancillary.h, which keeps no fd.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "os/socket_address.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

/// As sendmsg(2), but for EINTR; to the peer where `to` is nullptr. REQUIRES: fds.size() <= kMaxFds.
ssize_t send_message(int socket, const SocketAddress* to, std::string_view data, std::span<const int> fds,
                     int flags = 0);

/// As recvmsg(2), but for EINTR; `fds` are those that came.
ssize_t receive_message(int socket, std::span<char> buffer, std::vector<UniqueFd>& fds);

}  // namespace notifyspec::os
