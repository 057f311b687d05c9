// The header of a virtio-vsock packet: its fields, its bytes, and the names of its numbers.
//
// Shape: virtio 1.2, 5.10.6 ("Device Operation"): 44 bytes, little-endian, the payload of `len` bytes behind
// it. Says nothing of what may follow upon what: that is a connection's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace notifyspec::vsock {

inline constexpr std::size_t kHeaderSize = 44;

/// The host's context id (virtio 1.2, 5.10.4).
inline constexpr std::uint64_t kHostCid = 2;

/// virtio 1.2, 5.10.6: the type of the socket.
enum class Kind : std::uint16_t { kStream = 1, kSeqpacket = 2 };

/// virtio 1.2, 5.10.6: what the packet does.
enum class Op : std::uint16_t {
  kInvalid = 0,
  kRequest = 1,
  kResponse = 2,
  kReset = 3,
  kShutdown = 4,
  kData = 5,
  kCreditUpdate = 6,
  kCreditRequest = 7,
};

/// Flags of Op::kShutdown (5.10.6.5): what the sender of the packet will no longer do.
inline constexpr std::uint32_t kShutdownReceive = 1;
inline constexpr std::uint32_t kShutdownSend = 2;

/// Flags of Op::kData on a SEQPACKET connection (5.10.6.6.1).
inline constexpr std::uint32_t kEndOfMessage = 1;
inline constexpr std::uint32_t kEndOfRecord = 2;

struct Header {
  std::uint64_t src_cid = 0;
  std::uint64_t dst_cid = 0;
  std::uint32_t src_port = 0;
  std::uint32_t dst_port = 0;
  std::uint32_t len = 0;   ///< bytes of payload
  std::uint16_t type = 0;  ///< a Kind, if the guest is honest
  std::uint16_t op = 0;    ///< an Op, if the guest is honest
  std::uint32_t flags = 0;
  std::uint32_t buf_alloc = 0;  ///< bytes: the sender's whole buffer for this connection
  std::uint32_t fwd_cnt = 0;    ///< bytes, modulo 2^32: what has left that buffer so far

  Op operation() const { return static_cast<Op>(op); }

  friend bool operator==(const Header&, const Header&) = default;
};

Header decode_header(std::span<const std::byte, kHeaderSize> bytes);
void encode_header(const Header& header, std::span<std::byte, kHeaderSize> bytes);

}  // namespace notifyspec::vsock
