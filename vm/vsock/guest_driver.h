// A guest's driver in plain memory, for tests, benchmarks and fuzzing: rings, buffers and packets, without a
// VMM.
//
// Well-behaved by itself; what it lays down can be spoilt through memory() and ring(). Not part of the
// device.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "vsock/guest_memory.h"
#include "vsock/little_endian.h"
#include "vsock/mapping.h"
#include "vsock/packet.h"
#include "vsock/virtqueue.h"

namespace notifyspec::vsock {

/// Page-aligned bytes that a driver and a device share.
class SharedMemory {
 public:
  static constexpr std::uint64_t kGuestAddress = 0x4000'0000;
  static constexpr std::uint64_t kUserAddress = 0x7f00'0000'0000;

  /// Of this process alone, so that a sanitizer watches its ends.
  explicit SharedMemory(std::size_t size) : own_(new (kPage) std::byte[size]()), bytes_(own_.get(), size) {}
  /// For a device that maps it by its fd.
  explicit SharedMemory(Mapping mapping) : mapping_(std::move(mapping)), bytes_(mapping_->bytes()) {}

  std::span<std::byte> bytes() const { return bytes_; }
  std::byte* at(std::uint64_t guest_address) const { return bytes_.data() + (guest_address - kGuestAddress); }
  GuestMemory view() const {
    return GuestMemory({{.guest_address = kGuestAddress, .user_address = kUserAddress, .bytes = bytes()}});
  }

 private:
  static constexpr std::align_val_t kPage{4096};
  struct Free {
    void operator()(std::byte* bytes) const { ::operator delete[](bytes, kPage); }
  };
  std::unique_ptr<std::byte[], Free> own_;
  std::optional<Mapping> mapping_;
  std::span<std::byte> bytes_;
};

struct DriverBuffer {
  std::uint64_t address = 0;  ///< guest-physical
  std::uint32_t length = 0;
  bool writable = false;
};

/// The driver's side of one ring (virtio 1.2, 2.7.13 and 2.7.14).
class DriverRing {
 public:
  /// Lies at `place` (guest-physical, page-aligned) and after it, for less than bytes_for(size).
  DriverRing(SharedMemory& memory, std::uint64_t place, std::uint16_t size) : memory_(&memory), size_(size) {
    descriptors_ = place;
    available_ = place + std::uint64_t{16} * size;
    used_ = (available_ + 6 + std::uint64_t{2} * size + 3) / 4 * 4;
    for (std::uint16_t i = 0; i < size; ++i) free_.push_back(i);
  }
  static std::uint64_t bytes_for(std::uint16_t size) { return std::uint64_t{26} * size + 64; }

  RingPlace place() const {
    constexpr std::uint64_t kToUser = SharedMemory::kUserAddress - SharedMemory::kGuestAddress;
    return {.size = size_,
            .descriptors = descriptors_ + kToUser,
            .available = available_ + kToUser,
            .used = used_ + kToUser};
  }
  std::uint64_t descriptors() const { return descriptors_; }
  std::uint64_t available() const { return available_; }
  std::uint64_t used() const { return used_; }

  bool has_room(std::size_t count) const { return free_.size() >= count; }
  /// Offers one chain. REQUIRES: has_room(buffers.size()).
  std::uint16_t offer(std::span<const DriverBuffer> buffers) {
    std::vector<std::uint16_t> chain;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      chain.push_back(free_.front());
      free_.pop_front();
    }
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      const bool last = i + 1 == buffers.size();
      const auto flags = static_cast<std::uint16_t>((last ? 0 : 1) | (buffers[i].writable ? 2 : 0));
      write_descriptor(descriptors_, chain[i], buffers[i].address, buffers[i].length, flags,
                       last ? std::uint16_t{0} : chain[i + 1]);
    }
    const std::uint16_t head = chain.front();
    chains_.emplace_back(head, std::move(chain));
    offer_head(head);
    return head;
  }
  /// Offers whatever stands at `head` in the table.
  void offer_head(std::uint16_t head) {
    store_le<std::uint16_t>(memory_->at(available_ + 4 + std::uint64_t{2} * (next_available_ % size_)), head);
    set_available_index(++next_available_);
  }
  void set_available_index(std::uint16_t index) {
    std::atomic_ref(*reinterpret_cast<std::uint16_t*>(memory_->at(available_ + 2))).store(index);
  }
  /// One descriptor of any table: `flags` 1 next, 2 write, 4 indirect.
  void write_descriptor(std::uint64_t table, std::uint16_t index, std::uint64_t address, std::uint32_t length,
                        std::uint16_t flags, std::uint16_t next) {
    std::byte* const at = memory_->at(table + std::uint64_t{16} * index);
    store_le(at, address);
    store_le(at + 8, length);
    store_le(at + 12, flags);
    store_le(at + 14, next);
  }
  /// The next chain that the device has used: its head, and how much was written.
  std::optional<std::pair<std::uint16_t, std::uint32_t>> take_used() {
    if (load_le<std::uint16_t>(memory_->at(used_ + 2)) == next_used_) return std::nullopt;
    const std::byte* const entry = memory_->at(used_ + 4 + std::uint64_t{8} * (next_used_++ % size_));
    const auto head = static_cast<std::uint16_t>(load_le<std::uint32_t>(entry));
    for (auto chain = chains_.begin(); chain != chains_.end(); ++chain) {
      if (chain->first != head) continue;
      free_.insert(free_.end(), chain->second.begin(), chain->second.end());
      chains_.erase(chain);
      break;
    }
    return std::pair(head, load_le<std::uint32_t>(entry + 4));
  }

 private:
  SharedMemory* memory_;
  std::uint16_t size_;
  std::uint64_t descriptors_ = 0, available_ = 0, used_ = 0;
  std::uint16_t next_available_ = 0, next_used_ = 0;
  std::deque<std::uint16_t> free_;
  std::deque<std::pair<std::uint16_t, std::vector<std::uint16_t>>> chains_;
};

struct DriverPacket {
  Header header;
  std::vector<std::byte> payload;
};

/// Both rings with buffers behind them, and packets over them.
class GuestDriver {
 public:
  struct Options {
    std::uint16_t ring_size = 64;
    std::size_t receive_buffer = 4096;  ///< bytes, header included: Linux' size
    std::size_t n_receive_buffers = 32;
    std::size_t send_buffer = std::size_t{64} * 1024 + kHeaderSize;
  };

  GuestDriver() : GuestDriver(Options()) {}
  explicit GuestDriver(const Options& options) : GuestDriver(options, SharedMemory(bytes_for(options))) {}
  /// REQUIRES: memory of bytes_for(options).
  GuestDriver(const Options& options, SharedMemory memory)
      : options_(options),
        ring_bytes_(ring_bytes_for(options)),
        memory_(std::move(memory)),
        to_guest_(memory_, SharedMemory::kGuestAddress, options.ring_size),
        from_guest_(memory_, SharedMemory::kGuestAddress + ring_bytes_, options.ring_size) {
    const std::uint64_t buffers = SharedMemory::kGuestAddress + 2 * ring_bytes_;
    for (std::size_t i = 0; i < options.n_receive_buffers; ++i) post(buffers + i * options.receive_buffer);
    const std::uint64_t send_buffers = buffers + options.ring_size * options.receive_buffer;
    for (std::size_t i = 0; i < options.ring_size / 2; ++i) {
      send_buffers_.push_back(send_buffers + i * options.send_buffer);
    }
  }

  static std::size_t bytes_for(const Options& options) {
    return 2 * ring_bytes_for(options) + options.ring_size * (options.receive_buffer + options.send_buffer);
  }

  SharedMemory& memory() { return memory_; }
  DriverRing& to_guest() { return to_guest_; }
  DriverRing& from_guest() { return from_guest_; }

  /// Sends a packet; false where all buffers are under way. The payload may be shorter than header.len
  /// claims.
  bool send(const Header& header, std::span<const std::byte> payload = {}) {
    reclaim();
    if (send_buffers_.empty() || !from_guest_.has_room(2)) return false;
    const std::uint64_t buffer = send_buffers_.front();
    send_buffers_.pop_front();
    encode_header(header, std::span<std::byte, kHeaderSize>(memory_.at(buffer), kHeaderSize));
    if (!payload.empty()) std::memcpy(memory_.at(buffer + kHeaderSize), payload.data(), payload.size());
    std::vector<DriverBuffer> chain = {{.address = buffer, .length = kHeaderSize}};
    if (!payload.empty()) {
      chain.push_back(
          {.address = buffer + kHeaderSize, .length = static_cast<std::uint32_t>(payload.size())});
    }
    sent_.emplace_back(from_guest_.offer(chain), buffer);
    return true;
  }
  /// The next packet for the guest; its buffer is offered anew.
  std::optional<DriverPacket> receive() {
    const auto used = to_guest_.take_used();
    if (!used) return std::nullopt;
    for (auto posted = posted_.begin(); posted != posted_.end(); ++posted) {
      if (posted->first != used->first) continue;
      const std::uint64_t buffer = posted->second;
      posted_.erase(posted);
      const std::byte* const bytes = memory_.at(buffer);
      DriverPacket packet = {
          .header = decode_header(std::span<const std::byte, kHeaderSize>(bytes, kHeaderSize)),
          .payload = {bytes + kHeaderSize, bytes + used->second}};
      if (reposts_) post(buffer);
      return packet;
    }
    return std::nullopt;
  }
  /// Whether receive() offers buffers anew; without that the guest starves.
  void set_reposts(bool reposts) { reposts_ = reposts; }
  void post(std::uint64_t buffer) {
    const DriverBuffer one = {
        .address = buffer, .length = static_cast<std::uint32_t>(options_.receive_buffer), .writable = true};
    posted_.emplace_back(to_guest_.offer({&one, 1}), buffer);
  }

 private:
  static std::size_t ring_bytes_for(const Options& options) {
    return (DriverRing::bytes_for(options.ring_size) + 4095) / 4096 * 4096;
  }
  void reclaim() {
    while (const auto used = from_guest_.take_used()) {
      for (auto sent = sent_.begin(); sent != sent_.end(); ++sent) {
        if (sent->first != used->first) continue;
        send_buffers_.push_back(sent->second);
        sent_.erase(sent);
        break;
      }
    }
  }

  Options options_;
  std::size_t ring_bytes_;
  SharedMemory memory_;
  DriverRing to_guest_;
  DriverRing from_guest_;
  std::deque<std::uint64_t> send_buffers_;
  std::deque<std::pair<std::uint16_t, std::uint64_t>> posted_, sent_;
  bool reposts_ = true;
};

}  // namespace notifyspec::vsock
