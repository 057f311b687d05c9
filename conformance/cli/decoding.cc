#include "cli/decoding.h"

#include <fmt/format.h>

#include "field/field.h"
#include "field/value.h"
#include "wire/assignment.h"
#include "wire/base64.h"
#include "wire/datagram.h"
#include "wire/json_text.h"
#include "wire/utf8.h"

namespace notifyspec::cli {
namespace {

/// A JSON array that grows.
class List {
 public:
  void add(std::string_view item) { text_.append(text_.empty() ? "" : ",").append(item); }
  std::string text() const { return "[" + text_ + "]"; }

 private:
  std::string text_;
};

/// "MEMBER":"text", or "MEMBER_base64":"..." where the bytes are no text.
std::string format_member(std::string_view member, std::string_view bytes) {
  if (wire::is_utf8(bytes)) return fmt::format("\"{}\":{}", member, wire::quote(bytes));
  return fmt::format("\"{}_base64\":\"{}\"", member, wire::encode_base64(bytes));
}

std::string format_diagnostic(std::size_t offset, std::string_view reason) {
  return fmt::format(R"({{"offset":{},"reason":{}}})", offset, wire::quote(reason));
}

void decode_assignment(const wire::Assignment& assignment, List& fields, List& diagnostics) {
  if (!assignment.assigned) {
    diagnostics.add(
        format_diagnostic(assignment.offset, assignment.line.empty() ? "empty line" : "no '=' in the line"));
    return;
  }
  const std::string name = format_member("name", assignment.name);
  const field::Field* const row = field::find(assignment.name);
  fields.add(fmt::format("{{{},{},\"type\":\"{}\"}}", name, format_member("value", assignment.value),
                         row == nullptr ? "unknown" : field::name(row->type)));
  if (row == nullptr) return;
  const auto value = field::parse_value(row->type, assignment.value);
  if (value) return;
  diagnostics.add(fmt::format(R"({{"offset":{},{},"reason":{}}})", assignment.offset, name,
                              wire::quote(value.error().reason)));
}

/// Where the byte stands for which the datagram is dropped.
std::size_t fault_offset(std::string_view datagram, wire::DatagramFault fault) {
  return fault == wire::DatagramFault::kTooLong ? wire::kDatagramLimit : datagram.find('\0');
}

}  // namespace

std::string format_decoding(std::string_view datagram, std::optional<std::size_t> line) {
  List fields;
  List diagnostics;
  if (const auto payload = wire::payload(datagram)) {
    for (const wire::Assignment& assignment : wire::split_assignments(*payload)) {
      decode_assignment(assignment, fields, diagnostics);
    }
  } else {
    diagnostics.add(format_diagnostic(fault_offset(datagram, payload.error()), wire::name(payload.error())));
  }
  const std::string number = line ? fmt::format("\"line\":{},", *line) : "";
  return fmt::format(R"({{{}"fields":{},"diagnostics":{}}})", number, fields.text(), diagnostics.text());
}

std::string format_name_value_pairs(std::string_view datagram) {
  List pairs;
  if (const auto payload = wire::payload(datagram)) {
    for (const wire::Assignment& assignment : wire::split_assignments(*payload)) {
      if (!assignment.assigned) continue;
      pairs.add(fmt::format("[{},{}]", wire::quote(assignment.name), wire::quote(assignment.value)));
    }
  }
  return pairs.text();
}

}  // namespace notifyspec::cli
