// Invariant: what parses is printed in a form that parses to the same address; so with the name by which a
// guest calls.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "heap.h"
#include "invariant.h"
#include "wire/address.h"
#include "wire/endpoint.h"
#include "wire/vsock_peer.h"

using namespace notifyspec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto address = wire::parse_notify_socket(text); !address) {
    require(!address.error().reason.empty(), "an address or a reason");
  } else {
    const auto again = wire::parse_notify_socket(wire::format(*address));
    require(again && *again == *address, "the printed form is the same address");
  }
  if (const auto peer = wire::parse_vsock_peer(text))
    require(wire::parse_vsock_peer(wire::format_vsock_peer(*peer, "a")) == peer,
            "the printed form is the same peer");
  const auto listener = wire::parse_listener(text);
  if (!listener) {
    require(!listener.error().reason.empty(), "an endpoint or a reason");
    return 0;
  }
  const auto again = wire::parse_listener(wire::format(*listener));
  require(again && *again == *listener, "the printed form is the same endpoint");
  return 0;
}
