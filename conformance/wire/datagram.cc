#include "wire/datagram.h"

namespace notifyspec::wire {

std::string_view name(DatagramFault fault) {
  switch (fault) {
    case DatagramFault::kTooLong:
      return "too-long";
    case DatagramFault::kEmbeddedNul:
      return "embedded-nul";
  }
  return "unknown-fault";
}

std::expected<std::string_view, DatagramFault> payload(std::string_view datagram) {
  // The limit counts the trailing NUL too: it is a limit of the receiver's buffer.
  if (datagram.size() > kDatagramLimit) return std::unexpected(DatagramFault::kTooLong);
  if (datagram.ends_with('\0')) datagram.remove_suffix(1);
  if (datagram.find('\0') != std::string_view::npos) return std::unexpected(DatagramFault::kEmbeddedNul);
  return datagram;
}

}  // namespace notifyspec::wire
