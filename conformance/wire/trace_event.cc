// Events: every line of a trace but the first (fixtures/README.md, "Events").
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "wire/base64.h"
#include "wire/event_reader.h"
#include "wire/flat_json.h"
#include "wire/json_text.h"
#include "wire/trace.h"
#include "wire/trace_member.h"
#include "wire/utf8.h"

namespace notifyspec::wire {
namespace {

void append_message(std::string& line, const Message& message) {
  const bool text = message.data.find('\0') == std::string::npos && is_utf8(message.data);
  if (text) {
    line.append(R"(,"data":)").append(quote(message.data));
  } else {
    line.append(R"(,"data_base64":")").append(encode_base64(message.data)).push_back('"');
  }
  const auto append = [&line](std::string_view name, const auto& number) {
    if (number) fmt::format_to(std::back_inserter(line), ",\"{}\":{}", name, *number);
  };
  append("pid", message.pid);
  append("uid", message.uid);
  append("gid", message.gid);
  append("fds", message.fds == 0 ? std::nullopt : std::optional(message.fds));
  if (message.truncated) line.append(R"(,"truncated":true)");
  append("peer_cid", message.peer_cid);
  append("peer_port", message.peer_port);
  if (message.socket_type) line.append(R"(,"socket_type":)").append(quote(*message.socket_type));
  append("connection", message.connection);
}

struct BodyWriter {
  std::string& line;

  void operator()(const Message& message) const { append_message(line, message); }
  void operator()(const Action& action) const {
    line.append(R"(,"action":)").append(quote(action.action));
    if (action.argument) line.append(R"(,"argument":)").append(quote(*action.argument));
  }
  void operator()(const Phase& phase) const {
    line.append(R"(,"phase":)").append(quote(kPhaseNames[static_cast<std::size_t>(phase.phase)]));
  }
  void operator()(const Observation& observation) const {
    line.append(R"(,"subject":)").append(quote(observation.subject));
    line.append(R"(,"value":)").append(quote(observation.value));
  }
};

}  // namespace

std::expected<void, TraceError> parse_event(std::string_view line, Event& event) {
  // Nearly every line is in the plain form that the scanner knows. Where it is not, or something is wrong
  // with it, the full parser says what the line is.
  if (EventReader reader(event); scan_flat_object(line, reader) && reader.finish(event)) return {};
  return parse_event_by_library(line, event);
}

std::expected<void, TraceError> parse_event_by_library(std::string_view line, Event& event) {
  EventReader reader(event);
  if (!nlohmann::json::sax_parse(line.begin(), line.end(), &reader)) {
    return std::unexpected(TraceError{reader.reason()});
  }
  return reader.finish(event);
}

std::string format_event(const Event& event) {
  // kKinds stands in the order of the variant.
  std::string line =
      fmt::format(R"({{"t":{},"kind":"{}")", format_seconds(event.t_usec), kKinds[event.body.index()].name);
  std::visit(BodyWriter{line}, event.body);
  line.push_back('}');
  return line;
}

}  // namespace notifyspec::wire
