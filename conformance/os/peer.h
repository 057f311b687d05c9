// Who is at the other end of a socket: a guest by CID and port, or a process of this machine.
//
// Pid, uid and gid are those of the moment of the connect (SO_PEERCRED). Does not decide whom to trust.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>

#include "wire/vsock_peer.h"

namespace notifyspec::os {

struct Peer {
  std::optional<wire::VsockPeer> vsock;
  std::optional<std::int64_t> pid, uid, gid;  ///< absent where `vsock` is there: they would be the device's
};

/// The peer that an AF_VSOCK address names, or an AF_UNIX one of a user-space device (wire/vsock_peer.h).
/// `length` as the kernel gave it.
std::optional<wire::VsockPeer> vsock_peer(const sockaddr_storage& address, socklen_t length);

/// The peer of the connected socket `fd`, whose address is `address`.
Peer peer_of(int fd, const sockaddr_storage& address, socklen_t length);

}  // namespace notifyspec::os
