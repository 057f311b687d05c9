// Faults on request: what the device does wrong because a test wants to see how others bear it.
//
// Grammar of `--fault`: NAME[=VALUE][@PORT]; without a port for every connection. The port is the service's:
// the one that the guest connects to, or the one in the guest that a host program connects to. Does nothing
// by itself.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notifyspec::vsock {

/// The faults of one connection.
struct Faults {
  bool refuse = false;                       ///< RST to a REQUEST
  bool no_half_close = false;                ///< the guest's SHUTDOWN(SEND) does not reach the host socket
  bool byte_back = false;                    ///< one byte to the guest after its half-close
  std::optional<std::uint32_t> credit;       ///< bytes offered to the guest
  std::optional<std::uint64_t> reset_after;  ///< RST once so many bytes of payload came
  std::optional<std::uint64_t> bytes_per_second;  ///< the host side drains so slowly
  std::optional<std::int64_t> delay_close_usec;   ///< the host's close is passed on so late

  friend bool operator==(const Faults&, const Faults&) = default;
};

class FaultPlan {
 public:
  /// Adds what `text` asks for; the error is a sentence that names the part.
  std::expected<void, std::string> add(std::string_view text);

  /// Whether SEQPACKET is offered to the guest at all.
  bool offers_seqpacket() const { return offers_seqpacket_; }
  /// The faults of a connection to service `port`.
  Faults at(std::uint32_t port) const;

 private:
  struct Entry {
    std::optional<std::uint32_t> port;
    std::string name;
    std::uint64_t value = 0;
  };

  bool offers_seqpacket_ = true;
  std::vector<Entry> entries_;
};

}  // namespace notifyspec::vsock
