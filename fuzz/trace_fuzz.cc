// Invariant: a line that parses, as header or event, is printed in a form that parses to the same thing.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "heap.h"
#include "invariant.h"
#include "wire/control.h"
#include "wire/trace.h"

using namespace notifyspec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  wire::Event event;
  const auto parsed = wire::parse_event(line, event);
  require(parsed || !parsed.error().reason.empty(), "an event or a reason");
  if (parsed) {
    wire::Event again;
    require(wire::parse_event(wire::format_event(event), again).has_value(), "a printed event parses");
    require(again == event, "a printed event is the same event");
  }
  const auto told = wire::parse_control(line);
  require(told || !told.error().reason.empty(), "an event that the recorder is told, or a reason");
  const auto header = wire::parse_header(line);
  require(header || !header.error().reason.empty(), "a header or a reason");
  if (header) {
    const auto again = wire::parse_header(wire::format_header(*header));
    require(again && *again == *header, "a printed header is the same header");
  }
  return 0;
}
