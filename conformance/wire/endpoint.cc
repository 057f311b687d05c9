#include "wire/endpoint.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <utility>

namespace notifyspec::wire {
namespace {

struct UnixScheme {
  std::string_view prefix;
  SocketType type;
};

constexpr std::array<UnixScheme, 3> kUnixSchemes = {{
    {"unix:", SocketType::kDgram},
    {"unix-seqpacket:", SocketType::kSeqpacket},
    {"unix-stream:", SocketType::kStream},
}};

std::expected<Endpoint, AddressError> to_endpoint(std::expected<Address, AddressError> address,
                                                  SocketType type) {
  if (!address) return std::unexpected(std::move(address.error()));
  if (auto* const local = std::get_if<UnixAddress>(&*address)) {
    return UnixEndpoint{.address = std::move(*local), .type = type};
  }
  return std::get<VsockAddress>(*address);
}

}  // namespace

std::expected<Endpoint, AddressError> parse_endpoint(std::string_view text) {
  for (const UnixScheme& scheme : kUnixSchemes) {
    if (!text.starts_with(scheme.prefix)) continue;
    const std::string_view rest = text.substr(scheme.prefix.size());
    if (rest.starts_with('/') || rest.starts_with('@'))
      return to_endpoint(parse_notify_socket(rest), scheme.type);
    return std::unexpected(
        AddressError{fmt::format("\"{}\" is neither {} with an absolute path, nor {} with an @name", text,
                                 scheme.prefix, scheme.prefix)});
  }
  return to_endpoint(parse_notify_socket(text), SocketType::kDgram);
}

std::expected<Endpoint, AddressError> parse_listener(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (!text.starts_with("vsock") || gap == std::string_view::npos || gap != text.find(':')) {
    return parse_endpoint(text);
  }
  // Any CID will do to have the rest read; it then gives way.
  auto endpoint = parse_endpoint(fmt::format("{}0{}", text.substr(0, gap + 1), text.substr(gap + 1)));
  if (endpoint) std::get<VsockAddress>(*endpoint).cid = kAnyCid;
  return endpoint;
}

std::string format(const Endpoint& endpoint) {
  if (const auto* const vsock = std::get_if<VsockAddress>(&endpoint)) {
    if (vsock->cid != kAnyCid) return format(Address(*vsock));
    return fmt::format("vsock{}{}::{}", vsock->type ? "-" : "", vsock->type ? name(*vsock->type) : "",
                       vsock->port);
  }
  const auto& local = std::get<UnixEndpoint>(endpoint);
  const std::string address = format(Address(local.address));
  return local.type == SocketType::kDgram ? address : fmt::format("unix-{}:{}", name(local.type), address);
}

}  // namespace notifyspec::wire
