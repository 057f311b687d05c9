// The other end of what the guest programs say: an address, a connection to it, and the end of both.
//
// systemd says a message over vsock in this way, too: connect, send, shut down the sending side, wait for the
// peer to close. Errors are errno values; nobody here throws. Move-only.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "os/unique_fd.h"

namespace notifyspec::guest {

struct PeerAddress {
  sockaddr_storage storage = {};
  socklen_t length = 0;
  int type = SOCK_DGRAM;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// SOCK_STREAM or SOCK_SEQPACKET on AF_VSOCK (vsock(7)).
PeerAddress vsock_address(std::uint32_t cid, std::uint32_t port, int type);

/// AF_UNIX: a path, or an '@name'. Nothing where it is too long.
std::optional<PeerAddress> unix_address(std::string_view name, int type);

/// "/path" or "@name" (datagrams), "unix-stream:/path", "vsock-stream:CID:PORT".
std::optional<PeerAddress> parse_peer(std::string_view text);

/// AF_VSOCK where `host` is a CID; where it is a folder, the AF_UNIX socket in it that is called `port`.
std::optional<PeerAddress> peer_at(std::string_view host, std::string_view port, int type);

/// A number in decimal, to the end of `text`.
std::optional<std::uint32_t> parse_number(std::string_view text);

/// How an exchange ended: 0 is the peer's close, the only good end; an errno otherwise. EAGAIN: it took too
/// long. kUnexpectedData: the peer sent something.
inline constexpr int kUnexpectedData = -1;

/// A socket connected to `address`; its errno where it cannot be.
int connect_to(const PeerAddress& address, os::UniqueFd& fd);

/// All of `bytes`: 0, or an errno.
int send_all(int fd, std::string_view bytes);

/// Sends no more and waits for the peer's close, at most `patience_s` seconds.
int end_and_wait(int fd, int patience_s);

/// CLOCK_MONOTONIC, microseconds.
std::int64_t now_usec();

/// Tells the service manager by $NOTIFY_SOCKET (AF_UNIX) that this service is ready, where that is set.
void tell_ready();

}  // namespace notifyspec::guest
