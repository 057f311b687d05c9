// The credential vmm.notify_socket, as the system in a machine was given it, and what its text promises
// there.
//
// Rules (systemd(1), System Credentials; sd_notify(3), Description):
//  1. An AF_VSOCK address without a type promises SOCK_SEQPACKET where the device carries it. That
//  SOCK_STREAM
//     is tried after it stands in no text.
//  2. A type that the address forces is promised where the device carries it, from systemd 257 on: the pages
//     before it do not know those forms.
//  3. No virtio device carries SOCK_DGRAM.
// Only machines take a credential. It knows what was given and offered, not what arrived.
#pragma once

#include <optional>
#include <string>

#include "wire/address.h"
#include "wire/trace.h"

namespace notifyspec::model {

class Credential {
 public:
  explicit Credential(int systemd) : systemd_(systemd) {}

  void take(const wire::Action& action);
  void take(const wire::Observation& observation);

  bool given() const { return text_.has_value(); }
  /// What was given, exactly; empty where nothing was.
  std::string text() const { return text_.value_or(""); }
  bool malformed() const { return text_ && !address_; }
  /// The address, where it is one of that family.
  const wire::UnixAddress* unix_address() const;
  const wire::VsockAddress* vsock_address() const;

  /// Whether the device carries SOCK_SEQPACKET, SOCK_STREAM; nothing where the trace does not say.
  std::optional<bool> offers(wire::SocketType type) const;

  /// Why no text promises that a message arrives at an AF_VSOCK address; nothing where one does.
  std::optional<std::string> unpromised() const;

 private:
  int systemd_;
  std::optional<std::string> text_;
  std::optional<wire::Address> address_;
  std::optional<std::string> offers_;  ///< words: "stream seqpacket"
};

}  // namespace notifyspec::model
