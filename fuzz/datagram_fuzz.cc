// Invariants: splitting loses no byte; every value of every known field parses or has a reason; the model
// takes any message.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "field/value.h"
#include "invariant.h"
#include "model/boot.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

using namespace notifyspec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  wire::Message message;
  message.data = datagram;
  const wire::Event event{0, message};
  model::Boot boot({}, 262);
  boot.advance(event, 2);
  require(boot.n_messages() == 1, "every datagram is a message");

  const auto payload = wire::payload(datagram);
  if (!payload) return 0;
  std::string joined;
  std::size_t n_lines = 0;
  for (const wire::Assignment& assignment : wire::split_assignments(*payload)) {
    if (n_lines++ > 0) joined += '\n';
    require(assignment.offset == joined.size(), "offsets count every byte");
    joined += assignment.line;
    if (assignment.assigned)
      require(std::string(assignment.name) + '=' + std::string(assignment.value) == assignment.line,
              "name=value is the line");
    const field::Field* field = field::find(assignment.name);
    if (field == nullptr) continue;
    const auto value = field::parse_value(field->type, assignment.value);
    require(value || !value.error().reason.empty(), "a value or a reason");
  }
  if (payload->ends_with('\n')) joined += '\n';
  require(joined == *payload, "lines joined are the payload");
  return 0;
}
