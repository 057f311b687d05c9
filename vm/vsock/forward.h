// Where a guest's connections lead: AF_UNIX sockets of the host, by service port and kind of socket.
//
// Grammar: PORT=KIND:/path or PORT=KIND:@name (--forward), KIND:/path (--connect); KIND is stream or
// seqpacket. Does not look whether anything is there.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vsock/packet.h"
#include "wire/address.h"

namespace notifyspec::vsock {

/// An AF_UNIX socket address with the kind of socket that is there.
struct HostAddress {
  Kind kind = Kind::kStream;
  wire::UnixAddress address;

  friend bool operator==(const HostAddress&, const HostAddress&) = default;
};

struct Forward {
  std::uint32_t port = 0;
  HostAddress to;
};

/// The error is a sentence that names the part.
std::expected<HostAddress, std::string> parse_host_address(std::string_view text);
std::expected<Forward, std::string> parse_forward(std::string_view text);

/// The forward of that port and kind; null where there is none.
const Forward* find(std::span<const Forward> forwards, std::uint32_t port, Kind kind);

/// "seqpacket:/path".
std::string format(const HostAddress& address);

}  // namespace notifyspec::vsock
