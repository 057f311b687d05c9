#include "cli/places.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "os/byte_stream.h"
#include "os/unique_fd.h"
#include "wire/endpoint.h"

namespace notifyspec::cli {
namespace {

constexpr std::string_view kOpening = "${";

std::unexpected<std::string> refuse(std::string reason) {
  return std::unexpected(std::move(reason));
}

/// "path:107" to its parts; the length is nothing where none is said.
std::expected<std::pair<std::string_view, std::optional<std::size_t>>, std::string> parse_token(
    std::string_view token) {
  const std::size_t colon = token.find(':');
  if (colon == std::string_view::npos) return std::pair{token, std::optional<std::size_t>()};
  const std::string_view digits = token.substr(colon + 1);
  std::size_t length = 0;
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (fault != std::errc() || stop != digits.data() + digits.size())
    return refuse(fmt::format("\"${{{}}}\": a length is a number", token));
  return std::pair{token.substr(0, colon), std::optional(length)};
}

}  // namespace

Places::~Places() {
  for (const std::string& file : files_) os::remove_file(file);
}

std::expected<std::string, std::string> Places::lay(std::string_view value) {
  std::string out;
  while (true) {
    const std::size_t begin = value.find(kOpening);
    out += value.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    const std::size_t end = value.find('}', begin);
    if (end == std::string_view::npos) return refuse("\"${\" without its \"}\"");
    const auto token = parse_token(value.substr(begin + kOpening.size(), end - begin - kOpening.size()));
    if (!token) return refuse(token.error());
    const auto place = lay_one(token->first, token->second);
    if (!place) return refuse(place.error());
    out += *place;
    value.remove_prefix(end + 1);
  }
}

std::expected<std::string, std::string> Places::lay_one(std::string_view kind,
                                                        std::optional<std::size_t> length) {
  if (kind == "path") return listen(fmt::format("{}/n{}", folder_, number_), false, length);
  // Others may run at the same time: names of the abstract namespace are everybody's.
  if (kind == "abstract") return listen(fmt::format("notifyspec/{}/{}", ::getpid(), number_), true, length);
  if (length && kind != "missing") return refuse(fmt::format("\"{}\" has no length", kind));
  std::string path = fmt::format("{}/{}", folder_, kind);
  if (length && *length < path.size()) return refuse(fmt::format("a path here is longer than {}", *length));
  if (length) path.append(*length - path.size(), '-');
  if (kind == "missing") return path;
  return lay_unheard(kind, path);
}

std::expected<std::string, std::string> Places::listen(std::string name, bool abstract,
                                                       std::optional<std::size_t> length) {
  if (mailbox_) return refuse("two places to listen at");
  const std::size_t own = name.size() + (abstract ? 1 : 0);
  if (length && *length < own) return refuse(fmt::format("a name here is longer than {}", *length));
  if (length) name.append(*length - own, '-');
  if (name.size() > wire::kUnixNameLimit) return refuse(fmt::format("nobody can listen at \"{}\"", name));
  auto mailbox = os::Mailbox::bind({.name = name, .abstract = abstract});
  if (!mailbox) return refuse(mailbox.error().reason);
  mailbox_.emplace(std::move(*mailbox));
  return abstract ? "@" + name : name;
}

/// What is in the way of a message: nobody who reads, or nothing that could be read from.
std::expected<std::string, std::string> Places::lay_unheard(std::string_view kind, const std::string& path) {
  if (kind == "folder") return folder_;
  if (kind == "file") {
    const auto file = os::ByteSink::create(path);
    if (!file) return refuse(file.error().reason);
    files_.push_back(path);
    return path;
  }
  if (kind != "stale" && kind != "stream") return refuse(fmt::format("\"${{{}}}\" is no place", kind));
  wire::UnixEndpoint endpoint{.address = {.name = path}, .type = wire::SocketType::kStream};
  if (kind == "stream") {
    auto stream = os::ListeningSocket::bind(endpoint);
    if (!stream) return refuse(stream.error().reason);
    streams_.push_back(std::move(*stream));
    return path;
  }
  endpoint.type = wire::SocketType::kDgram;
  auto socket = os::bind_socket(endpoint, {});
  if (!socket) return refuse(socket.error().reason);
  socket->fd = os::UniqueFd();  // its file stays
  sockets_.push_back(std::move(*socket));
  return path;
}

}  // namespace notifyspec::cli
