// How a guest that behaves introduces itself: its CID, the credit that it gives, the head of each packet; and
// settings of a switchboard that expects it. For tests, benchmarks and fuzzing; not part of the device.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <utility>
#include <vector>

#include "vsock/packet.h"
#include "vsock/switchboard.h"

namespace notifyspec::vsock {

inline constexpr std::uint64_t kTestCid = 3;

/// `faults` as on the command line.
inline Switchboard::Settings settings_of(std::vector<Forward> forwards,
                                         std::initializer_list<const char*> faults) {
  Switchboard::Settings settings = {.guest_cid = kTestCid, .forwards = std::move(forwards), .faults = {}};
  for (const char* const text : faults) {
    if (!settings.faults.add(text)) std::abort();
  }
  return settings;
}

struct GuestEnd {
  std::uint32_t buf_alloc = 65536;
  std::uint32_t fwd_cnt = 0;

  /// Of a packet from `port` of the guest to port `to` of the host.
  Header header(Op op, Kind kind, std::uint32_t port, std::uint32_t to = 1234) const {
    return {.src_cid = kTestCid,
            .dst_cid = kHostCid,
            .src_port = port,
            .dst_port = to,
            .type = static_cast<std::uint16_t>(kind),
            .op = static_cast<std::uint16_t>(op),
            .buf_alloc = buf_alloc,
            .fwd_cnt = fwd_cnt};
  }
};

}  // namespace notifyspec::vsock
