// Invariants: a datagram is split, and each value of a known field is one, as the twin has it; splitting
// loses no byte.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "field/value.h"
#include "heap.h"
#include "invariant.h"
#include "twin.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

using namespace notifyspec;

namespace {

/// What speaks of the values of that type.
const char* requirement_of(field::ValueType type) {
  using enum field::ValueType;
  switch (type) {
    case kFlag:
    case kZeroFlag:
      return "receiver.whole-line-match";
    case kWatchdog:
      return "receiver.watchdog-triggered";
    case kText:
      return "receiver.status-utf8";
    case kUnsigned:
    case kUsec:
    case kPid:
      return "receiver.number-decimal";
    case kErrno:
      return "receiver.errno-kept";
    case kErrorName:
      return "receiver.error-name-printable";
    case kFdName:
      return "receiver.fdstore-bad-name-ignored";
    case kNotifyAccess:
      return "receiver.notify-access-overridden";
    case kHostname:
      return "boot.hostname.valid";
    case kMachineId:
      return "boot.machine-id.valid";
    case kExitStatus:
      return "boot.shutdown.exit-status";
    case kShutdown:
      return "boot.shutdown.verb";
    case kUnitName:
      break;
  }
  return nullptr;
}

void check_values(const wire::Assignment& assignment) {
  const field::Field* field = field::find(assignment.name);
  if (field == nullptr || !assignment.assigned) return;
  require(field::name(field->type) != "unknown" && field::name(field->direction) != "unknown",
          "all has a name");
  const auto value = field::parse_value(field->type, assignment.value);
  require(value || !value.error().reason.empty(), "a value or a reason");
  require(value.has_value() == fuzz::twin::is_value(field->type, std::string(assignment.value)),
          "a value is what the twin has for one", requirement_of(field->type));
}

void check_assignment(const wire::Assignment& assignment, const std::string& line) {
  require(assignment.line == line, "lines are those of the twin");
  const auto name = fuzz::twin::name(line);
  require(assignment.assigned == name.has_value(), "an assignment has a '='",
          "receiver.line-without-assignment-ignored");
  require(assignment.name == name.value_or(line), "the name stands before the first '='");
  require(assignment.value == fuzz::twin::value(line), "the value stands behind it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  const auto payload = wire::payload(datagram);
  const auto lines = fuzz::twin::lines(datagram);
  require(payload.has_value() == lines.has_value(), "what cannot be read is what the twin cannot read",
          size > wire::kDatagramLimit ? "receiver.size-limit" : "receiver.embedded-nul-rejected");
  if (!payload) {
    require(wire::name(payload.error()) != "unknown-fault", "a fault has a name");
    return 0;
  }
  std::string joined;
  std::size_t n_lines = 0;
  for (const wire::Assignment& assignment : wire::split_assignments(*payload)) {
    if (n_lines > 0) joined += '\n';
    require(assignment.offset == joined.size(), "offsets count every byte");
    require(n_lines < lines->size(), "no line is made up");
    check_assignment(assignment, (*lines)[n_lines++]);
    check_values(assignment);
    joined += assignment.line;
  }
  require(n_lines == lines->size(), "no line is lost");
  if (payload->ends_with('\n')) joined += '\n';
  require(joined == *payload, "lines joined are the payload");
  return 0;
}
