#include "vsock/forward.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <variant>

namespace notifyspec::vsock {

std::expected<HostAddress, std::string> parse_host_address(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  if (colon == std::string_view::npos || (kind != "stream" && kind != "seqpacket")) {
    return std::unexpected(
        fmt::format("'{}' is no host socket: write stream:/path, seqpacket:/path, or @name for /path", text));
  }
  const auto address = wire::parse_notify_socket(text.substr(colon + 1));
  if (!address) return std::unexpected(fmt::format("'{}': {}", text, address.error().reason));
  const auto* const local = std::get_if<wire::UnixAddress>(&*address);
  if (local == nullptr) return std::unexpected(fmt::format("'{}' is no path and no @name", text));
  return HostAddress{.kind = kind == "stream" ? Kind::kStream : Kind::kSeqpacket, .address = *local};
}

std::expected<Forward, std::string> parse_forward(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view number = text.substr(0, equals);
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), port);
  if (equals == std::string_view::npos || error != std::errc() || end != number.data() + number.size() ||
      port == std::numeric_limits<std::uint32_t>::max()) {
    return std::unexpected(
        fmt::format("'{}' is no forward: write PORT=KIND:/path, as 1234=seqpacket:/run/x", text));
  }
  auto to = parse_host_address(text.substr(equals + 1));
  if (!to) return std::unexpected(std::move(to.error()));
  return Forward{.port = port, .to = *std::move(to)};
}

const Forward* find(std::span<const Forward> forwards, std::uint32_t port, Kind kind) {
  const auto found = std::ranges::find_if(
      forwards, [&](const Forward& forward) { return forward.port == port && forward.to.kind == kind; });
  return found == forwards.end() ? nullptr : &*found;
}

std::string format(const HostAddress& address) {
  return fmt::format("{}:{}", address.kind == Kind::kStream ? "stream" : "seqpacket",
                     wire::format(address.address));
}

}  // namespace notifyspec::vsock
