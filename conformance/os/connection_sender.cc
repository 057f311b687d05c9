#include "os/connection_sender.h"

#include <fmt/format.h>
#include <linux/vm_sockets.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <string>
#include <variant>
#include <vector>

#include "os/socket_address.h"

namespace notifyspec::os {
namespace {

using wire::SocketType;

/// Whether a refusal of socket() or connect() means that there are no sockets of this type.
bool is_unsupported(int code) {
  return code == ESOCKTNOSUPPORT || code == ENODEV || code == EOPNOTSUPP || code == EPROTONOSUPPORT ||
         code == EPROTOTYPE;
}

/// Binds to a free port below 1024, from the top, where this process may.
void bind_privileged(int socket) {
  constexpr std::uint32_t kFirst = 1023;  // LAST_RESERVED_PORT
  for (std::uint32_t port = kFirst; port > 0; --port) {
    const SocketAddress name =
        to_socket_address(wire::VsockAddress{.cid = wire::kAnyCid, .port = port, .type = {}});
    if (::bind(socket, name.get(), name.length) == 0 || errno != EADDRINUSE) return;
  }
}

void set_patience(int socket, std::int64_t usec) {
  constexpr std::int64_t kUsecPerSec = 1'000'000;
  const timeval patience = {.tv_sec = usec / kUsecPerSec, .tv_usec = usec % kUsecPerSec};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
    (void)setsockopt(socket, SOL_SOCKET, option, &patience, sizeof patience);
}

std::vector<SocketType> types_of(const wire::Endpoint& endpoint) {
  if (const auto* const local = std::get_if<wire::UnixEndpoint>(&endpoint)) return {local->type};
  const auto& type = std::get<wire::VsockAddress>(endpoint).type;
  if (type) return {*type};
  return {SocketType::kDgram, SocketType::kSeqpacket};
}

}  // namespace

std::expected<std::unique_ptr<Sender>, OsError> ConnectionSender::make(const wire::Endpoint& endpoint,
                                                                       std::int64_t patience_usec) {
  auto fds = CarriedFds::open();
  if (!fds) return std::unexpected(fds.error());
  return std::unique_ptr<Sender>(new ConnectionSender(endpoint, patience_usec, std::move(*fds)));
}

std::expected<UniqueFd, OsError> ConnectionSender::connect_with(SocketType type) const {
  const auto* const local = std::get_if<wire::UnixEndpoint>(&endpoint_);
  const std::string where =
      fmt::format("nobody can be reached on {} ({})", wire::format(endpoint_), name(type));
  auto socket = make_socket(local != nullptr ? AF_UNIX : AF_VSOCK, type, 0);
  if (!socket) {
    socket.error().reason = where + ": " + socket.error().reason;
    return std::unexpected(socket.error());
  }
  set_patience(socket->get(), patience_usec_);
  SocketAddress address;
  if (local != nullptr) {
    widen_send_buffer(socket->get());
    address = to_socket_address(local->address);
  } else {
    bind_privileged(socket->get());
    address = to_socket_address(std::get<wire::VsockAddress>(endpoint_));
  }
  if (::connect(socket->get(), address.get(), address.length) == 0) return socket;
  const int code = errno;
  return std::unexpected(local != nullptr ? error_of(code, where) : vsock_error(code, where));
}

std::expected<UniqueFd, OsError> ConnectionSender::connect() {
  std::string reasons;
  int code = 0;
  for (const SocketType type : types_of(endpoint_)) {
    auto socket = connect_with(type);
    type_ = type;
    if (socket) return socket;
    code = socket.error().code;
    reasons += (reasons.empty() ? "" : "; then ") + socket.error().reason;
    if (!is_unsupported(code)) break;
  }
  return std::unexpected(OsError{.code = code, .reason = reasons});
}

std::expected<void, OsError> ConnectionSender::write(int socket, std::string_view data,
                                                     std::size_t n_fds) const {
  const bool stream = type_ == SocketType::kStream;
  if (std::holds_alternative<wire::VsockAddress>(endpoint_)) n_fds = 0;
  if (data.empty() && stream) return {};
  do {
    const ssize_t sent = fds_.send(socket, data, n_fds);
    if (sent < 0) return std::unexpected(last_error(fmt::format("cannot send {} bytes", data.size())));
    data.remove_prefix(static_cast<std::size_t>(sent));
    n_fds = 0;
  } while (stream && !data.empty());
  return {};
}

std::expected<void, OsError> ConnectionSender::finish(int socket) const {
  if (type_ == SocketType::kDgram) return {};
  if (::shutdown(socket, SHUT_WR) != 0) return std::unexpected(last_error("cannot end a message"));
  char byte = 0;
  ssize_t length = -1;
  do {
    length = ::recv(socket, &byte, sizeof byte, 0);
  } while (length < 0 && errno == EINTR);
  if (length == 0) return {};
  if (length > 0) return std::unexpected(error_of(EPROTO, "the listener sent something back"));
  if (errno != EAGAIN) return std::unexpected(last_error("the listener did not close the connection"));
  return std::unexpected(OsError{
      .code = ETIMEDOUT,
      .reason = fmt::format("the listener did not close the connection within {} s: a systemd would wait "
                            "for that without end",
                            static_cast<double>(patience_usec_) / 1e6)});
}

std::expected<void, OsError> ConnectionSender::send(std::string_view data, std::size_t n_fds) {
  const auto socket = connect();
  if (!socket) return std::unexpected(socket.error());
  if (const auto written = write(socket->get(), data, n_fds); !written) return written;
  return finish(socket->get());
}

}  // namespace notifyspec::os
