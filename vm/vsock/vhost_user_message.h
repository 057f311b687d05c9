// The messages with which a VMM sets a vhost-user device up: their numbers, and their bodies as values.
//
// Shape: the vhost-user protocol as QEMU documents it (docs/interop/vhost-user): a header of request, flags
// and size, each 32 bits in the machine's own byte order, and a body. Pure: fds are counted here and held
// elsewhere. Knows what a vsock device is sent, and refuses everything else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace notifyspec::vsock {

enum class Request : std::uint32_t {
  kGetFeatures = 1,
  kSetFeatures = 2,
  kSetOwner = 3,
  kResetOwner = 4,
  kSetMemTable = 5,
  kSetVringNum = 8,
  kSetVringAddr = 9,
  kSetVringBase = 10,
  kGetVringBase = 11,
  kSetVringKick = 12,
  kSetVringCall = 13,
  kSetVringErr = 14,
  kGetProtocolFeatures = 15,
  kSetProtocolFeatures = 16,
  kGetQueueNum = 17,
  kSetVringEnable = 18,
  kGetConfig = 24,
};

inline constexpr std::size_t kVhostHeaderSize = 12;
inline constexpr std::size_t kMostBody = 4096;        ///< bytes; what we know is far shorter
inline constexpr std::size_t kMostMemoryRegions = 8;  ///< and fds that may come with one message

/// Header flags: the version in the lowest two bits, and who wants what.
inline constexpr std::uint32_t kVhostVersion = 1;
inline constexpr std::uint32_t kIsReply = 1U << 2;
inline constexpr std::uint32_t kWantsReply = 1U << 3;

struct VhostHeader {
  std::uint32_t request = 0;
  std::uint32_t flags = 0;
  std::uint32_t size = 0;  ///< bytes of the body
};

struct Number {
  std::uint64_t value = 0;
};
struct VringState {
  std::uint32_t index = 0;
  std::uint32_t value = 0;
};
/// Addresses of the VMM.
struct VringAddress {
  std::uint32_t index = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t used = 0;
  std::uint64_t available = 0;
};
struct VringFd {
  std::uint32_t index = 0;
  bool has_fd = false;
};
struct TableRegion {
  std::uint64_t guest_address = 0;
  std::uint64_t size = 0;
  std::uint64_t user_address = 0;
  std::uint64_t offset = 0;  ///< in the fd
};
struct MemoryTable {
  std::vector<TableRegion> regions;  ///< one fd each
};
struct ConfigRange {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

/// Nothing: the message has no body.
using Body =
    std::variant<std::monostate, Number, VringState, VringAddress, VringFd, MemoryTable, ConfigRange>;

/// The errors are sentences.
std::expected<VhostHeader, std::string> parse_vhost_header(
    std::span<const std::byte, kVhostHeaderSize> bytes);
std::expected<Body, std::string> parse_vhost_body(std::uint32_t request, std::span<const std::byte> bytes,
                                                  std::size_t n_fds);

/// A reply to `request` with `body`.
std::vector<std::byte> format_reply(std::uint32_t request, std::span<const std::byte> body);

}  // namespace notifyspec::vsock
