#include "guest/peer.h"

#include <linux/vm_sockets.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <system_error>

namespace notifyspec::guest {

PeerAddress vsock_address(std::uint32_t cid, std::uint32_t port, int type) {
  sockaddr_vm vsock = {};
  vsock.svm_family = AF_VSOCK;
  vsock.svm_cid = cid;
  vsock.svm_port = port;
  PeerAddress result = {.storage = {}, .length = sizeof vsock, .type = type};
  std::memcpy(&result.storage, &vsock, sizeof vsock);
  return result;
}

std::optional<PeerAddress> unix_address(std::string_view name, int type) {
  sockaddr_un local = {};
  if (name.empty() || name.size() >= sizeof local.sun_path) return std::nullopt;
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, name.data(), name.size());
  const bool abstract = name.front() == '@';
  if (abstract) local.sun_path[0] = '\0';
  const std::size_t length = offsetof(sockaddr_un, sun_path) + name.size() + (abstract ? 0 : 1);
  PeerAddress result = {.storage = {}, .length = static_cast<socklen_t>(length), .type = type};
  std::memcpy(&result.storage, &local, sizeof local);
  return result;
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<PeerAddress> parse_peer(std::string_view text) {
  constexpr std::string_view kVsock = "vsock-stream:", kUnix = "unix-stream:";
  if (text.starts_with('/') || text.starts_with('@')) return unix_address(text, SOCK_DGRAM);
  if (text.starts_with(kUnix)) return unix_address(text.substr(kUnix.size()), SOCK_STREAM);
  if (!text.starts_with(kVsock)) return std::nullopt;
  text.remove_prefix(kVsock.size());
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto cid = parse_number(text.substr(0, colon));
  const auto port = parse_number(text.substr(colon + 1));
  if (!cid || !port) return std::nullopt;
  return vsock_address(*cid, *port, SOCK_STREAM);
}

std::optional<PeerAddress> peer_at(std::string_view host, std::string_view port, int type) {
  if (host.starts_with('/')) return unix_address(std::string(host) + '/' + std::string(port), type);
  const auto cid = parse_number(host), number = parse_number(port);
  if (!cid || !number) return std::nullopt;
  return vsock_address(*cid, *number, type);
}

int connect_to(const PeerAddress& address, os::UniqueFd& fd) {
  fd = os::UniqueFd(socket(address.storage.ss_family, address.type | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  return connect(fd.get(), address.get(), address.length) == 0 ? 0 : errno;
}

int send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return 0;
}

int end_and_wait(int fd, int patience_s) {
  const timeval patience = {.tv_sec = patience_s, .tv_usec = 0};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0) return errno;
  if (shutdown(fd, SHUT_WR) != 0) return errno;
  char byte = 0;
  ssize_t length = -1;
  do {
    length = recv(fd, &byte, sizeof byte, 0);
  } while (length < 0 && errno == EINTR);
  if (length < 0) return errno;
  return length == 0 ? 0 : kUnexpectedData;
}

std::int64_t now_usec() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

void tell_ready() {
  const char* const name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr) return;
  const auto address = unix_address(name, SOCK_DGRAM);
  os::UniqueFd fd;
  if (address && connect_to(*address, fd) == 0) (void)send_all(fd.get(), "READY=1");
}

}  // namespace notifyspec::guest
