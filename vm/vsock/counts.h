// What the device has carried and what it has not: nothing vanishes uncounted.
#pragma once

#include <cstdint>
#include <string>

namespace notifyspec::vsock {

struct Counts {
  std::uint64_t connections = 0;       ///< opened by either side, and agreed
  std::uint64_t refused = 0;           ///< asked for, and answered with RST
  std::uint64_t resets_sent = 0;       ///< RST of an agreed connection in its middle, by us
  std::uint64_t resets_taken = 0;      ///< RST of an agreed connection in its middle, by the guest
  std::uint64_t late_resets = 0;       ///< RST of a connection that is gone: Linux sends one more
  std::uint64_t messages_out = 0;      ///< SEQPACKET, guest to host
  std::uint64_t messages_in = 0;       ///< SEQPACKET, host to guest
  std::uint64_t bytes_out = 0;         ///< payload that a host socket has taken
  std::uint64_t bytes_in = 0;          ///< payload that the guest was given
  std::uint64_t bytes_lost_out = 0;    ///< came from the guest, and no host socket would take it any more
  std::uint64_t bytes_lost_in = 0;     ///< came from the host, and the guest would not take it any more
  std::uint64_t packets_dropped = 0;   ///< malformed, misaddressed, or after our RST
  std::uint64_t strays = 0;            ///< for no connection: answered with RST
  std::uint64_t records_unmarked = 0;  ///< EOR, which AF_UNIX cannot carry

  friend bool operator==(const Counts&, const Counts&) = default;
};

/// One line for people.
std::string format(const Counts& counts);

}  // namespace notifyspec::vsock
