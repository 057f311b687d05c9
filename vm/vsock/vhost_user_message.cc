#include "vsock/vhost_user_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace notifyspec::vsock {
namespace {

/// Reads values one after the other. REQUIRES: that there are enough bytes, which the size of the body was
/// checked for.
class Fields {
 public:
  explicit Fields(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <typename T>
  T next() {
    T value;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_ = bytes_.subspan(sizeof value);
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
};

using Parsed = std::expected<Body, std::string>;

std::unexpected<std::string> wrong(std::uint32_t request, std::string_view what) {
  return std::unexpected(fmt::format("vhost-user message {}: {}", request, what));
}

Parsed parse_memory_table(std::uint32_t request, std::span<const std::byte> bytes, std::size_t n_fds) {
  constexpr std::size_t kHead = 8;
  constexpr std::size_t kRegionSize = 32;
  if (bytes.size() < kHead) return wrong(request, "too short for a memory table");
  Fields fields(bytes);
  const auto count = fields.next<std::uint32_t>();
  fields.next<std::uint32_t>();  // padding
  // A VMM may send the table at its full size, whatever the count.
  if (count > kMostMemoryRegions || bytes.size() < kHead + count * kRegionSize) {
    return wrong(request, fmt::format("a table of {} regions in {} bytes", count, bytes.size()));
  }
  if (n_fds != count) return wrong(request, fmt::format("{} regions with {} fds", count, n_fds));
  MemoryTable table;
  for (std::uint32_t i = 0; i < count; ++i) {
    TableRegion region;
    region.guest_address = fields.next<std::uint64_t>();
    region.size = fields.next<std::uint64_t>();
    region.user_address = fields.next<std::uint64_t>();
    region.offset = fields.next<std::uint64_t>();
    table.regions.push_back(region);
  }
  return table;
}

Parsed parse_vring_fd(std::uint32_t request, std::uint64_t value, std::size_t n_fds) {
  constexpr std::uint64_t kIndexBits = 0xff;
  constexpr std::uint64_t kNoFd = 0x100;
  const bool has_fd = (value & kNoFd) == 0;
  if (n_fds != (has_fd ? 1 : 0)) return wrong(request, fmt::format("{} fds for one ring", n_fds));
  return VringFd{.index = static_cast<std::uint32_t>(value & kIndexBits), .has_fd = has_fd};
}

Parsed parse_config(std::uint32_t request, std::span<const std::byte> bytes) {
  constexpr std::size_t kHead = 12;  // offset, size, flags; the bytes themselves follow
  if (bytes.size() < kHead) return wrong(request, "too short for a range of the configuration");
  Fields fields(bytes);
  ConfigRange range;
  range.offset = fields.next<std::uint32_t>();
  range.size = fields.next<std::uint32_t>();
  if (bytes.size() - kHead != range.size) return wrong(request, "the range is not as long as it says");
  return range;
}

/// Those of a fixed size.
Parsed parse_fixed(std::uint32_t request, std::span<const std::byte> bytes, std::size_t n_fds) {
  const auto has_size = [&](std::size_t size) { return bytes.size() == size; };
  Fields fields(bytes);
  switch (static_cast<Request>(request)) {
    case Request::kGetFeatures:
    case Request::kGetProtocolFeatures:
    case Request::kGetQueueNum:
    case Request::kSetOwner:
    case Request::kResetOwner:
      if (has_size(0)) return Body{};
      break;
    case Request::kSetFeatures:
    case Request::kSetProtocolFeatures:
      if (has_size(8)) return Number{.value = fields.next<std::uint64_t>()};
      break;
    case Request::kSetVringNum:
    case Request::kSetVringBase:
    case Request::kGetVringBase:
    case Request::kSetVringEnable: {
      if (!has_size(8)) break;
      const auto index = fields.next<std::uint32_t>();
      return VringState{.index = index, .value = fields.next<std::uint32_t>()};
    }
    case Request::kSetVringAddr: {
      if (!has_size(40)) break;
      VringAddress address;
      address.index = fields.next<std::uint32_t>();
      fields.next<std::uint32_t>();  // flags: logging, which is not offered
      address.descriptors = fields.next<std::uint64_t>();
      address.used = fields.next<std::uint64_t>();
      address.available = fields.next<std::uint64_t>();
      return address;
    }
    case Request::kSetVringKick:
    case Request::kSetVringCall:
    case Request::kSetVringErr:
      if (has_size(8)) return parse_vring_fd(request, fields.next<std::uint64_t>(), n_fds);
      break;
    default:
      return wrong(request, "not known here");
  }
  return wrong(request, fmt::format("a body of {} bytes", bytes.size()));
}

}  // namespace

std::expected<VhostHeader, std::string> parse_vhost_header(
    std::span<const std::byte, kVhostHeaderSize> bytes) {
  Fields fields(bytes);
  VhostHeader header;
  header.request = fields.next<std::uint32_t>();
  header.flags = fields.next<std::uint32_t>();
  header.size = fields.next<std::uint32_t>();
  constexpr std::uint32_t kVersionBits = 3;
  if ((header.flags & kVersionBits) != kVhostVersion) {
    return wrong(header.request, fmt::format("version {}, not 1", header.flags & kVersionBits));
  }
  if ((header.flags & kIsReply) != 0) return wrong(header.request, "a reply that nobody asked for");
  if (header.size > kMostBody) return wrong(header.request, fmt::format("a body of {} bytes", header.size));
  return header;
}

std::expected<Body, std::string> parse_vhost_body(std::uint32_t request, std::span<const std::byte> bytes,
                                                  std::size_t n_fds) {
  const auto known = static_cast<Request>(request);
  const bool takes_fds = known == Request::kSetMemTable || known == Request::kSetVringKick ||
                         known == Request::kSetVringCall || known == Request::kSetVringErr;
  if (n_fds > 0 && !takes_fds) return wrong(request, "fds that it should not have");
  if (known == Request::kSetMemTable) return parse_memory_table(request, bytes, n_fds);
  if (known == Request::kGetConfig) return parse_config(request, bytes);
  return parse_fixed(request, bytes, n_fds);
}

std::vector<std::byte> format_reply(std::uint32_t request, std::span<const std::byte> body) {
  const std::array<std::uint32_t, 3> head = {request, kVhostVersion | kIsReply,
                                             static_cast<std::uint32_t>(body.size())};
  static_assert(sizeof head == kVhostHeaderSize);
  std::vector<std::byte> reply(kVhostHeaderSize + body.size());
  std::memcpy(reply.data(), head.data(), sizeof head);
  std::ranges::copy(body, reply.begin() + kVhostHeaderSize);
  return reply;
}

}  // namespace notifyspec::vsock
