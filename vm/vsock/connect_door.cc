#include "vsock/connect_door.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace notifyspec::vsock {
namespace {

constexpr std::size_t kLongestLine = 32;
constexpr std::size_t kMostVisitors = 64;

}  // namespace

std::optional<std::uint32_t> parse_connect(std::string_view line) {
  constexpr std::string_view kWord = "CONNECT ";
  if (!line.starts_with(kWord) || !line.ends_with('\n')) return std::nullopt;
  const std::string_view number = line.substr(kWord.size(), line.size() - kWord.size() - 1);
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), port);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  if (port == std::numeric_limits<std::uint32_t>::max()) return std::nullopt;  // "any", which is no port
  return port;
}

std::expected<void, os::OsError> ConnectDoor::listen(const HostAddress& at) {
  auto listener = HostListener::listen(at);
  if (!listener) return std::unexpected(listener.error());
  Entrance entrance(*std::move(listener), *poller_, Source::kDoor, entrances_.size());
  if (const auto opened = entrance.open(); !opened) return opened;
  entrances_.push_back(std::move(entrance));
  return {};
}

void ConnectDoor::admit(std::uint64_t entrance, std::int64_t now_usec) {
  auto socket = entrances_[entrance].admit(now_usec);
  // Whoever comes when so many stand there and say nothing is sent away.
  if (!socket || visitors_.size() >= kMostVisitors) return;
  const std::uint64_t id = next_visitor_++;
  if (!poller_->add_edge_triggered(socket->fd(), Source::kVisitor, id)) return;
  visitors_.emplace(id, *std::move(socket));
}

std::optional<ConnectDoor::Wish> ConnectDoor::hear(std::uint64_t visitor) {
  const auto found = visitors_.find(visitor);
  if (found == visitors_.end()) return std::nullopt;
  const HostSocket& socket = found->second;
  std::array<char, kLongestLine> line;
  const auto bytes = std::as_writable_bytes(std::span(line));
  const auto peeked = socket.peek(bytes);
  if (peeked.got == HostSocket::Got::kNothing) return std::nullopt;
  const std::string_view seen(line.data(), peeked.count);
  const std::size_t newline = seen.find('\n');
  const bool whole = socket.kind() == Kind::kSeqpacket;
  if (peeked.got == HostSocket::Got::kBytes && newline == std::string_view::npos && !whole &&
      seen.size() < line.size()) {
    return std::nullopt;  // the rest of the line is still to come
  }
  auto visit = visitors_.extract(found);
  poller_->remove(socket.fd());
  const auto port = parse_connect(whole ? seen : seen.substr(0, newline + 1));
  if (!port) return std::nullopt;
  const std::size_t length = whole ? line.size() : newline + 1;
  if (visit.mapped().receive(bytes.first(length)).got != HostSocket::Got::kBytes) return std::nullopt;
  return Wish{.port = *port, .socket = std::move(visit.mapped())};
}

std::optional<std::int64_t> ConnectDoor::deadline_usec() const {
  std::optional<std::int64_t> first;
  for (const Entrance& entrance : entrances_) {
    const auto at_usec = entrance.deadline_usec();
    if (at_usec) first = std::min(first.value_or(*at_usec), *at_usec);
  }
  return first;
}

void ConnectDoor::take_time(std::int64_t now_usec) {
  for (Entrance& entrance : entrances_) entrance.take_time(now_usec);
}

}  // namespace notifyspec::vsock
