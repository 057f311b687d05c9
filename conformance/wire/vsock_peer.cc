#include "wire/vsock_peer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace notifyspec::wire {
namespace {

constexpr std::string_view kPrefix = "vsock/";
constexpr std::size_t kTokenLimit = 64;

bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// Takes a number in its only form, without zeros in front, and `end` behind it.
std::optional<std::uint32_t> take_number(std::string_view& text, char end) {
  const std::size_t length = text.find(end);
  if (length == std::string_view::npos || length == 0) return std::nullopt;
  const std::string_view digits = text.substr(0, length);
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint32_t number = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(length + 1);
  return number;
}

}  // namespace

std::string format_vsock_peer(VsockPeer peer, std::string_view token) {
  return fmt::format("{}{}:{}/{}", kPrefix, peer.cid, peer.port, token);
}

std::optional<VsockPeer> parse_vsock_peer(std::string_view abstract_name) {
  if (!abstract_name.starts_with(kPrefix)) return std::nullopt;
  std::string_view rest = abstract_name.substr(kPrefix.size());
  const auto cid = take_number(rest, ':');
  if (!cid) return std::nullopt;
  const auto port = take_number(rest, '/');
  if (!port || rest.empty() || rest.size() > kTokenLimit) return std::nullopt;
  if (!std::ranges::all_of(rest, is_token_character)) return std::nullopt;
  return VsockPeer{.cid = *cid, .port = *port};
}

}  // namespace notifyspec::wire
