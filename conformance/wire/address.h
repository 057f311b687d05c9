// The notify-socket address: what may stand in $NOTIFY_SOCKET and in the credential vmm.notify_socket.
//
// Grammar (sd_notify(3), "Description": AF_UNIX path, '@' for the abstract namespace, vsock:CID:PORT and its
// typed forms vsock-stream:, vsock-dgram:, vsock-seqpacket:). Does not connect, does not look whether the
// path exists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace notifyspec::wire {

enum class SocketType { kDgram, kSeqpacket, kStream };

/// "dgram", "seqpacket", "stream".
std::string_view name(SocketType type);

struct UnixAddress {
  std::string name;       ///< file system path, or abstract name without its leading '@' or NUL
  bool abstract = false;  ///< in the abstract namespace: sent with its exact length, no trailing NUL

  friend bool operator==(const UnixAddress&, const UnixAddress&) = default;
};

struct VsockAddress {
  std::uint32_t cid = 0;
  std::uint32_t port = 0;
  std::optional<SocketType> type;  ///< nothing: the sender tries (systemd(1), vmm.notify_socket)

  friend bool operator==(const VsockAddress&, const VsockAddress&) = default;
};

using Address = std::variant<UnixAddress, VsockAddress>;

/// What is wrong with an address: a sentence that names the part.
struct AddressError {
  std::string reason;
};

/// sun_path's size: 108 bytes, of which a path needs one for its NUL and an abstract name one for its leading
/// NUL.
inline constexpr std::size_t kUnixNameLimit = 107;

/// The value of $NOTIFY_SOCKET: "/path", "@name", "vsock:CID:PORT", "vsock-stream:CID:PORT", ...
std::expected<Address, AddressError> parse_notify_socket(std::string_view text);

/// The canonical $NOTIFY_SOCKET form; parse_notify_socket() reads it back to the same address.
std::string format(const Address& address);

}  // namespace notifyspec::wire
