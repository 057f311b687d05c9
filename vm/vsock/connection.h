// One connection between a socket in the guest and one on the host: its state, and what is due on either
// side.
//
// Rule: virtio 1.2, 5.10.6.3 to 5.10.6.6. Pure: packets and host events go in; what is due to the guest is
// asked with next_packet(), what is due to the host socket with outgoing(), half_close_due() and so on.
// Replies are state and no queue, so that a guest which takes nothing makes nothing grow. Does not know its
// neighbours: see switchboard.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "vsock/counts.h"
#include "vsock/credit.h"
#include "vsock/fault.h"
#include "vsock/inbox.h"
#include "vsock/outbox.h"
#include "vsock/packet.h"

namespace notifyspec::vsock {

/// The two ports of a connection; the two CIDs are the same for all.
struct Ends {
  std::uint32_t guest_port = 0;
  std::uint32_t host_port = 0;

  friend bool operator==(const Ends&, const Ends&) = default;
};

/// Bytes that the guest may have under way on one connection: what Linux offers, too, and four whole messages
/// of 64 KiB.
inline constexpr std::uint32_t kOfferedCredit = 256 * 1024;
/// Bytes of a stream that are read from a host socket at once.
inline constexpr std::size_t kReadChunk = std::size_t{64} * 1024;

class Connection {
 public:
  enum class Phase {
    kConnecting,  ///< the guest has asked; there is no host socket yet
    kRequested,   ///< a host program has asked; the guest has not answered yet
    kOpen,
    kFlushing,  ///< over for the guest; the host socket still gets what came before
    kDead,
  };

  /// `begin`: kConnecting or kRequested. `counts` outlives the connection.
  Connection(Ends ends, Kind kind, Phase begin, const Faults& faults, Counts& counts);

  Ends ends() const { return ends_; }
  Kind kind() const { return kind_; }
  Phase phase() const { return phase_; }
  const Faults& faults() const { return faults_; }

  // The guest's side.

  /// Hears what a packet says of the guest's buffer. take() does so, too.
  void hear_credit(const Header& header);
  void take(const Header& header, std::span<const std::byte> payload);
  /// Ends it with RST; what has come from the guest in whole is thrown away.
  void reset();
  /// Ends it without a word: the guest has forgotten it. What it sent before is still the host socket's.
  void abandon();
  bool has_packet() const;
  /// The next packet for the guest, without CIDs; its payload is written to `room`. REQUIRES: has_packet(),
  /// and `room` not empty.
  Header next_packet(std::span<std::byte> room);
  /// Whether the guest will neither send nor get anything more.
  bool over_for_guest() const { return phase_ >= Phase::kFlushing && !reset_due_; }
  bool over() const { return phase_ == Phase::kDead && !reset_due_; }

  // The host's side.

  void host_connected() {
    phase_ = Phase::kOpen;
    ++counts_->connections;
  }
  /// What the host socket should be sent: a whole message, or bytes of a stream.
  std::optional<std::span<const std::byte>> outgoing() const { return outbox_.front(); }
  /// The host socket has taken `count` bytes of outgoing(); of a message, all.
  void host_took(std::size_t count);
  /// Whether the host socket should be shut for sending.
  bool half_close_due() const;
  void half_close_passed() { half_close_passed_ = true; }
  /// Whether the guest will take nothing more, so that host programs should not send it.
  bool guest_is_deaf() const { return guest_deaf_; }
  /// How many bytes may be read from the host socket now; a message comes whole, whatever its size.
  std::size_t read_limit() const;
  /// REQUIRES: read_limit() > 0.
  void host_gave(std::span<const std::byte> bytes);
  /// The host socket gave a message of `count` bytes, which is too long for this device.
  void host_gave_too_much(std::size_t count);
  /// The host socket will give nothing more, but still takes.
  void host_ended();
  /// The host socket will take nothing more, but may still give.
  void host_deafened();
  /// Whether the host socket should be closed.
  bool host_done() const { return phase_ == Phase::kDead || (host_ended_ && host_deaf_); }

  /// Bytes held for either side.
  std::size_t held() const { return outbox_.size() + inbox_.left(); }
  const Credit& credit() const { return credit_; }

 private:
  void take_shutdown(std::uint32_t flags);
  void take_data(const Header& header, std::span<const std::byte> payload);
  void take_reset();
  void end(Phase phase, bool tell);
  void finish_if_flushed();
  void drop_inbox();
  bool data_ready() const;
  bool credit_request_due() const;
  std::uint32_t shutdown_due() const;
  Op next_operation() const;
  void give_data(Header& header, std::span<std::byte> room);

  Ends ends_;
  Kind kind_;
  Phase phase_;
  Faults faults_;
  Counts* counts_;
  Credit credit_;

  Outbox outbox_;               ///< guest to host
  Inbox inbox_;                 ///< host to guest
  std::uint64_t received_ = 0;  ///< bytes of payload from the guest

  bool open_due_ = true;  ///< REQUEST or RESPONSE is to be sent
  bool reset_due_ = false;
  bool update_due_ = false;          ///< the guest has asked for our credit
  bool credit_asked_ = false;        ///< we have asked for the guest's, since it last had room
  bool byte_back_due_ = false;       ///< the fault of that name
  std::uint32_t shutdown_told_ = 0;  ///< flags that the guest was sent

  bool guest_ended_ = false;
  bool guest_deaf_ = false;
  bool half_close_passed_ = false;
  bool host_ended_ = false;
  bool host_deaf_ = false;
};

}  // namespace notifyspec::vsock
