#include "wire/control.h"

#include <nlohmann/json.hpp>

#include "wire/event_reader.h"

namespace notifyspec::wire {

std::expected<ControlEvent, TraceError> parse_control(std::string_view datagram) {
  ControlEvent result;
  EventReader reader(result.event, EventForm::kControl);
  if (!nlohmann::json::sax_parse(datagram.begin(), datagram.end(), &reader)) {
    return std::unexpected(TraceError{reader.reason()});
  }
  if (const auto done = reader.finish(result.event); !done) return std::unexpected(done.error());
  result.monotonic_usec = reader.monotonic_usec();
  result.age_usec = reader.age_usec();
  return result;
}

}  // namespace notifyspec::wire
