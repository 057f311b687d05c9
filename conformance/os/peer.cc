#include "os/peer.h"

#include <linux/vm_sockets.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace notifyspec::os {

std::optional<wire::VsockPeer> vsock_peer(const sockaddr_storage& address, socklen_t length) {
  if (address.ss_family == AF_VSOCK && length >= sizeof(sockaddr_vm)) {
    sockaddr_vm vsock = {};
    std::memcpy(&vsock, &address, sizeof vsock);
    return wire::VsockPeer{.cid = vsock.svm_cid, .port = vsock.svm_port};
  }
  constexpr socklen_t kNameStart = offsetof(sockaddr_un, sun_path) + 1;
  if (address.ss_family != AF_UNIX || length <= kNameStart) return std::nullopt;
  const auto* const bytes = reinterpret_cast<const char*>(&address);
  if (bytes[kNameStart - 1] != '\0') return std::nullopt;
  return wire::parse_vsock_peer(std::string_view(bytes + kNameStart, length - kNameStart));
}

Peer peer_of(int fd, const sockaddr_storage& address, socklen_t length) {
  Peer peer = {.vsock = vsock_peer(address, length), .pid = {}, .uid = {}, .gid = {}};
  ucred sender = {};
  socklen_t size = sizeof sender;
  if (peer.vsock || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &sender, &size) != 0) return peer;
  peer.pid = sender.pid;
  peer.uid = sender.uid;
  peer.gid = sender.gid;
  return peer;
}

}  // namespace notifyspec::os
