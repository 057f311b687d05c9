#include "model/credential.h"

#include <string_view>

namespace notifyspec::model {
namespace {

constexpr int kTypedFormsSince = 257;

bool has_word(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    if (words.substr(0, end) == wanted) return true;
    words = end == std::string_view::npos ? "" : words.substr(end + 1);
  }
  return false;
}

}  // namespace

void Credential::take(const wire::Action& action) {
  if (action.action != "notify-socket" || !action.argument) return;
  text_ = action.argument;
  const auto parsed = wire::parse_notify_socket(*action.argument);
  address_ = parsed ? std::optional(*parsed) : std::nullopt;
}

void Credential::take(const wire::Observation& observation) {
  if (observation.subject == "device-offers") offers_ = observation.value;
}

const wire::UnixAddress* Credential::unix_address() const {
  return address_ ? std::get_if<wire::UnixAddress>(&*address_) : nullptr;
}

const wire::VsockAddress* Credential::vsock_address() const {
  return address_ ? std::get_if<wire::VsockAddress>(&*address_) : nullptr;
}

std::optional<bool> Credential::offers(wire::SocketType type) const {
  if (!offers_) return std::nullopt;
  return has_word(*offers_, name(type));
}

std::optional<std::string> Credential::unpromised() const {
  if (!given()) return "no credential was given";
  if (malformed()) return "the credential is no address";
  const wire::VsockAddress* vsock = vsock_address();
  if (vsock == nullptr) return "the credential names an address inside the machine";
  const wire::SocketType type = vsock->type.value_or(wire::SocketType::kSeqpacket);
  if (vsock->type && systemd_ < kTypedFormsSince)
    return "the text of this version does not know addresses that force a socket type";
  const auto offered = offers(type);
  if (!offered) return "the trace does not say what the device offers";
  if (*offered) return std::nullopt;
  return "the device does not carry " + std::string(name(type)) +
         ", and no text promises another socket type for this address";
}

}  // namespace notifyspec::model
