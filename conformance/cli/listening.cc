#include "cli/listening.h"

#include <cerrno>
#include <utility>
#include <variant>

#include "os/bound_socket.h"
#include "os/receiver.h"
#include "wire/endpoint.h"

namespace notifyspec::cli {

std::expected<Recorder::Receivers, Failed> listen_on(const std::vector<std::string>& endpoints) {
  Recorder::Receivers receivers;
  for (const std::string& text : endpoints) {
    const auto endpoint = wire::parse_listener(text);
    if (!endpoint) {
      return std::unexpected(Failed{ExitCode::kUsage, "cannot listen: " + endpoint.error().reason});
    }
    auto receiver = os::listen_on(*endpoint);
    if (!receiver) {
      const int code = receiver.error().code;
      const bool mistyped = code == ENOENT || code == ENOTDIR;
      return std::unexpected(
          Failed{mistyped ? ExitCode::kUsage : ExitCode::kEnvironment, receiver.error().reason});
    }
    receivers.push_back(std::move(*receiver));
  }
  return receivers;
}

std::string transport_of(const std::string& endpoint) {
  const auto parsed = wire::parse_listener(endpoint).value();
  switch (os::type_of(parsed)) {
    case wire::SocketType::kSeqpacket:
      return "vsock-seqpacket";
    case wire::SocketType::kStream:
      return "vsock-stream";
    case wire::SocketType::kDgram:
      return std::holds_alternative<wire::UnixEndpoint>(parsed) ? "unix-dgram" : "vsock-dgram";
  }
  return "unix-dgram";
}

}  // namespace notifyspec::cli
