#include "vsock/vhost_user_device.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "vsock/little_endian.h"

namespace notifyspec::vsock {
namespace {

// virtio 1.2, 5.10.3 and 6; bit 30 is vhost-user's own.
constexpr std::uint64_t kStreamFeature = 1U << 0;
constexpr std::uint64_t kSeqpacketFeature = 1U << 1;
constexpr std::uint64_t kIndirectFeature = 1U << 28;
constexpr std::uint64_t kEventIndexFeature = 1U << 29;
constexpr std::uint64_t kProtocolFeaturesFeature = 1U << 30;
constexpr std::uint64_t kVersion1Feature = std::uint64_t{1} << 32;

// vhost-user, protocol features.
constexpr std::uint64_t kReplyAck = 1U << 3;
constexpr std::uint64_t kConfig = 1U << 9;
constexpr std::uint64_t kProtocolFeatures = kReplyAck | kConfig;

using Bytes = std::vector<std::byte>;

Bytes to_bytes(std::uint64_t value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

const std::optional<Bytes> kNoReply;

}  // namespace

VhostUserDevice::Answer VhostUserDevice::handle(VhostMessage message) {
  const auto request = static_cast<Request>(message.request);
  const bool wants_acknowledgement = message.wants_reply && (protocol_features_ & kReplyAck) != 0;
  auto answer = set(request, message.body, message.fds);
  if (answer && !*answer && wants_acknowledgement) return to_bytes(0);
  return answer;
}

VhostUserDevice::Answer VhostUserDevice::set(Request request, const Body& body,
                                             std::vector<os::UniqueFd>& fds) {
  switch (request) {
    case Request::kGetFeatures:
      return to_bytes(offered_features());
    case Request::kSetFeatures:
      return set_features(std::get<Number>(body).value);
    case Request::kGetProtocolFeatures:
      return to_bytes(kProtocolFeatures);
    case Request::kSetProtocolFeatures:
      protocol_features_ = std::get<Number>(body).value;
      if ((protocol_features_ & ~kProtocolFeatures) == 0) return kNoReply;
      return std::unexpected(fmt::format("protocol features {:#x} were not offered", protocol_features_));
    case Request::kGetQueueNum:
      return to_bytes(kRingCount);
    case Request::kSetOwner:
      return kNoReply;
    case Request::kResetOwner:
      stop_all();
      return kNoReply;
    case Request::kSetMemTable:
      return set_memory(std::get<MemoryTable>(body), fds);
    case Request::kGetConfig:
      return config(std::get<ConfigRange>(body));
    case Request::kSetVringAddr: {
      const auto& address = std::get<VringAddress>(body);
      if (address.index >= kRingCount)
        return std::unexpected(fmt::format("there is no ring {}", address.index));
      RingPlace& place = vrings_[address.index].place;
      place.descriptors = address.descriptors;
      place.available = address.available;
      place.used = address.used;
      return kNoReply;
    }
    case Request::kSetVringKick:
    case Request::kSetVringCall:
    case Request::kSetVringErr:
      return set_ring_fd(request, std::get<VringFd>(body).index,
                         fds.empty() ? os::UniqueFd() : std::move(fds.front()));
    default:
      return set_ring(request, std::get<VringState>(body));
  }
}

std::uint64_t VhostUserDevice::offered_features() const {
  const bool seqpacket = switchboard_->settings().faults.offers_seqpacket();
  return kStreamFeature | (seqpacket ? kSeqpacketFeature : 0) | kIndirectFeature | kEventIndexFeature |
         kProtocolFeaturesFeature | kVersion1Feature;
}

VhostUserDevice::Answer VhostUserDevice::set_features(std::uint64_t features) {
  if ((features & ~offered_features()) != 0) {
    return std::unexpected(
        fmt::format("features {:#x} were not offered, {:#x} were", features, offered_features()));
  }
  features_ = features;
  return kNoReply;
}

VhostUserDevice::Answer VhostUserDevice::set_memory(const MemoryTable& table,
                                                    const std::vector<os::UniqueFd>& fds) {
  std::vector<Mapping> mappings;
  std::vector<MemoryRegion> regions;
  for (std::size_t i = 0; i < table.regions.size(); ++i) {
    const TableRegion& region = table.regions[i];
    auto mapping = Mapping::map(fds[i], region.offset, region.size);
    if (!mapping) return std::unexpected(mapping.error().reason);
    regions.push_back({.guest_address = region.guest_address,
                       .user_address = region.user_address,
                       .bytes = mapping->bytes()});
    mappings.push_back(*std::move(mapping));
  }
  // Rings that run lie in the old mapping: they are opened again in the new one before that goes.
  std::array<bool, kRingCount> ran = {};
  for (std::size_t index = 0; index < kRingCount; ++index) {
    ran[index] = rings_.is_attached(index);
    if (!ran[index]) continue;
    vrings_[index].next_available = rings_.next_available(index);
    rings_.detach(index);
  }
  rings_.set_memory(GuestMemory(std::move(regions)));
  mappings_.swap(mappings);
  for (std::size_t index = 0; index < kRingCount; ++index) {
    if (ran[index]) start(index);
  }
  return kNoReply;
}

VhostUserDevice::Answer VhostUserDevice::set_ring(Request request, const VringState& state) {
  if (state.index >= kRingCount) return std::unexpected(fmt::format("there is no ring {}", state.index));
  Vring& vring = vrings_[state.index];
  switch (request) {
    case Request::kSetVringNum:
      vring.place.size = state.value;
      return kNoReply;
    case Request::kSetVringBase:
      vring.next_available = static_cast<std::uint16_t>(state.value);
      return kNoReply;
    case Request::kSetVringEnable:
      vring.enabled = state.value != 0;
      if (vring.enabled) {
        start(state.index);
      } else {
        stop(state.index);
      }
      return kNoReply;
    default:
      break;
  }
  stop(state.index);
  unwatch(vring);
  return to_bytes(std::uint64_t{vring.next_available} << 32 | state.index);
}

VhostUserDevice::Answer VhostUserDevice::set_ring_fd(Request request, std::uint32_t index, os::UniqueFd fd) {
  if (index >= kRingCount) return std::unexpected(fmt::format("there is no ring {}", index));
  Vring& vring = vrings_[index];
  if (request == Request::kSetVringErr) return kNoReply;  // nobody listens there; we say it on standard error
  if (request == Request::kSetVringCall) {
    vring.call = std::move(fd);
    return kNoReply;
  }
  if (!fd) return std::unexpected("a ring without a kick fd would have to be polled, which is not done here");
  unwatch(vring);
  vring.kick = std::move(fd);
  if (const auto added = poller_->add(vring.kick.get(), Source::kKick, index); !added) {
    return std::unexpected(added.error().reason);
  }
  fault_.reset();
  start(index);
  return kNoReply;
}

VhostUserDevice::Answer VhostUserDevice::config(const ConfigRange& range) const {
  // virtio 1.2, 5.10.4: the guest's CID, 8 bytes; what is asked beyond is zero.
  constexpr std::size_t kHead = 12;
  if (range.offset != 0)
    return std::unexpected(fmt::format("the configuration has no byte {}", range.offset));
  Bytes bytes(kHead + range.size);
  store_le<std::uint32_t>(bytes.data() + 4, range.size);
  const Bytes cid = to_bytes(switchboard_->settings().guest_cid);
  std::memcpy(bytes.data() + kHead, cid.data(), std::min<std::size_t>(cid.size(), range.size));
  return bytes;
}

// --- running

/// Starts a ring that has all it needs. Rings begin enabled: not every VMM enables them explicitly.
void VhostUserDevice::start(std::size_t index) {
  Vring& vring = vrings_[index];
  if (!vring.kick || !vring.enabled || rings_.is_attached(index) || fault_) return;
  const auto ring = Virtqueue::open(
      rings_.memory(), vring.place,
      {.indirect = (features_ & kIndirectFeature) != 0, .event_index = (features_ & kEventIndexFeature) != 0},
      vring.next_available);
  if (!ring) return break_down(ring.error());
  rings_.attach(index, *ring);
  if (rings_.running()) say_("the guest's driver is up");
}

void VhostUserDevice::stop(std::size_t index) {
  if (!rings_.is_attached(index)) return;
  if (rings_.running()) say_("the guest's driver is gone");
  // What the guest has sent is sent, even if we had no time to look: its last words come just before it
  // stops. It fills its ring once at most; one that goes on meanwhile is not waited for. The ring says its
  // own size: the VMM may have named another since.
  for (std::uint32_t n_left = rings_.size(kFromGuest); n_left > 0 && !fault_; --n_left) {
    if (!rings_.take(*switchboard_).value_or(false)) break;
  }
  vrings_[index].next_available = rings_.next_available(index);
  rings_.detach(index);
  switchboard_->drop_all();
}

bool VhostUserDevice::guarded(const std::expected<bool, RingFault>& outcome) {
  if (outcome) return *outcome;
  break_down(outcome.error());
  return false;
}

void VhostUserDevice::break_down(RingFault fault) {
  fault_ = fault;
  stop_all();
  switchboard_->drop_all();  // even if no ring was attached any more
  warn_(fmt::format("broken: {}; the device stands still until the guest resets it", describe(fault)));
}

void VhostUserDevice::take_kick(std::uint64_t index) {
  const Vring& vring = vrings_[index];
  if (!vring.kick) return;
  std::uint64_t count = 0;
  // Its value says nothing that the ring does not say.
  if (::read(vring.kick.get(), &count, sizeof count) > 0 || errno == EAGAIN || errno == EINTR) return;
  poller_->remove(vring.kick.get());
}

void VhostUserDevice::signal() {
  for (std::size_t index = 0; index < kRingCount; ++index) {
    if (!rings_.signal_due(index) || !vrings_[index].call) continue;
    const std::uint64_t one = 1;
    // It fails only where the counter is full, and then the driver has much to hear already.
    [[maybe_unused]] const auto written = ::write(vrings_[index].call.get(), &one, sizeof one);
  }
}

}  // namespace notifyspec::vsock
