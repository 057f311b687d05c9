// The name by which a user-space vsock device says who is calling: `vsock/<cid>:<port>/<token>`.
//
// Such a device turns a guest's AF_VSOCK connection into an AF_UNIX one, and the listener would then see the
// device in place of the guest. So the device binds its own end to this abstract name before it connects;
// accept(2) and getpeername(2) give it to the listener. The token keeps the names of connections apart that
// have the same guest end, one after the other or on several devices, and means nothing. A convention of
// notifyspec's own; no text outside has it. Does not know sockets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notifyspec::wire {

/// The end of a connection that lies in the guest (vsock(7), "Address format").
struct VsockPeer {
  std::uint32_t cid = 0;
  std::uint32_t port = 0;

  friend bool operator==(const VsockPeer&, const VsockPeer&) = default;
};

/// The abstract name without its leading NUL. REQUIRES: a token of 1 to 64 letters, digits, '-' and '_'.
std::string format_vsock_peer(VsockPeer peer, std::string_view token);

/// Who calls by `abstract_name` (without its leading NUL); nothing where it is any other name, even a similar
/// one.
std::optional<VsockPeer> parse_vsock_peer(std::string_view abstract_name);

}  // namespace notifyspec::wire
