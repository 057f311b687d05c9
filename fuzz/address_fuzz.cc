// Invariant: what parses is printed in a form that parses to the same address.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "invariant.h"
#include "wire/address.h"

using namespace notifyspec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto parse : {wire::parse_notify_socket, wire::parse_endpoint}) {
    const auto address = parse(text);
    if (!address) {
      require(!address.error().reason.empty(), "an address or a reason");
      continue;
    }
    const auto again = wire::parse_notify_socket(wire::format(*address));
    require(again && *again == *address, "the printed form is the same address");
  }
  return 0;
}
