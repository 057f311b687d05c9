#include "wire/address.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace notifyspec::wire {
namespace {

constexpr std::uint32_t kAnyNumber = 0xffffffff;  // VMADDR_CID_ANY, VMADDR_PORT_ANY: no peer to send to

template <typename... Args>
std::unexpected<AddressError> error(fmt::format_string<Args...> text, Args&&... args) {
  return std::unexpected(AddressError{fmt::format(text, std::forward<Args>(args)...)});
}

struct VsockScheme {
  std::string_view prefix;
  std::optional<SocketType> type;
};

constexpr std::array<VsockScheme, 4> kVsockSchemes = {{
    {"vsock:", std::nullopt},
    {"vsock-stream:", SocketType::kStream},
    {"vsock-dgram:", SocketType::kDgram},
    {"vsock-seqpacket:", SocketType::kSeqpacket},
}};

std::expected<std::uint32_t, AddressError> parse_number(std::string_view part, std::string_view text) {
  std::uint32_t number = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, fault] = std::from_chars(begin, end, number);
  if (fault == std::errc::result_out_of_range)
    return error("the {} \"{}\" does not fit in 32 bits", part, text);
  if (fault != std::errc() || stop != end) return error("the {} \"{}\" is not a decimal number", part, text);
  if (number == kAnyNumber) return error("the {} {} means \"any\" and names no peer", part, number);
  return number;
}

std::expected<Address, AddressError> parse_vsock(std::string_view text, const VsockScheme& scheme) {
  const std::string_view rest = text.substr(scheme.prefix.size());
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos)
    return error("\"{}\" has no port: {}CID:PORT is expected", text, scheme.prefix);
  if (colon == 0) return error("\"{}\" has no CID: {}CID:PORT is expected", text, scheme.prefix);
  const auto cid = parse_number("CID", rest.substr(0, colon));
  if (!cid) return std::unexpected(cid.error());
  const auto port = parse_number("port", rest.substr(colon + 1));
  if (!port) return std::unexpected(port.error());
  return VsockAddress{.cid = *cid, .port = *port, .type = scheme.type};
}

std::expected<Address, AddressError> parse_unix(std::string_view text) {
  const bool abstract = text.starts_with('@');
  const std::string_view name = abstract ? text.substr(1) : text;
  if (name.find('\0') != std::string_view::npos) return error("the address holds a NUL byte");
  if (abstract && name.empty()) return error("\"@\" alone names no abstract socket");
  if (name == "/") return error("\"/\" is a directory, not a socket");
  if (name.size() > kUnixNameLimit) {
    return error("the {} is {} bytes long, a socket address holds {}: choose a shorter one",
                 abstract ? "abstract name" : "path", name.size(), kUnixNameLimit);
  }
  return UnixAddress{.name = std::string(name), .abstract = abstract};
}

}  // namespace

std::string_view name(SocketType type) {
  switch (type) {
    case SocketType::kDgram:
      return "dgram";
    case SocketType::kSeqpacket:
      return "seqpacket";
    case SocketType::kStream:
      return "stream";
  }
  return "unknown-type";
}

std::expected<Address, AddressError> parse_notify_socket(std::string_view text) {
  if (text.empty()) return error("the address is empty");
  if (text.starts_with('/') || text.starts_with('@')) return parse_unix(text);
  for (const VsockScheme& scheme : kVsockSchemes) {
    if (text.starts_with(scheme.prefix)) return parse_vsock(text, scheme);
  }
  return error("\"{}\" is neither an absolute path, nor an @name, nor vsock:CID:PORT", text);
}

std::string format(const Address& address) {
  if (const auto* local = std::get_if<UnixAddress>(&address))
    return (local->abstract ? "@" : "") + local->name;
  const auto& vsock = std::get<VsockAddress>(address);
  if (!vsock.type) return fmt::format("vsock:{}:{}", vsock.cid, vsock.port);
  return fmt::format("vsock-{}:{}:{}", name(*vsock.type), vsock.cid, vsock.port);
}

}  // namespace notifyspec::wire
