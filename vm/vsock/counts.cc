#include "vsock/counts.h"

#include <fmt/format.h>

namespace notifyspec::vsock {

std::string format(const Counts& counts) {
  return fmt::format(
      "{} connections, {} refused, {} reset by us, {} by the guest; guest to host {} messages, {} bytes, {} "
      "bytes lost; host to guest {} messages, {} bytes, {} bytes lost; {} packets for no connection, {} "
      "resets of "
      "one, {} packets dropped, {} end-of-record marks not carried",
      counts.connections, counts.refused, counts.resets_sent, counts.resets_taken, counts.messages_out,
      counts.bytes_out, counts.bytes_lost_out, counts.messages_in, counts.bytes_in, counts.bytes_lost_in,
      counts.strays, counts.late_resets, counts.packets_dropped, counts.records_unmarked);
}

}  // namespace notifyspec::vsock
