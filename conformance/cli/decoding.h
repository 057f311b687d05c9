// What the parser makes of one datagram, as JSON: the fields, and what is wrong with them.
//
// A datagram that a receiver drops whole has no fields. Unknown names are no fault (sd_notify(3): they are
// ignored).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace notifyspec::cli {

/// {"line":N,"fields":[{"name","value","type"}...],"diagnostics":[{"offset","name","reason"}...]}, without a
/// newline. Names and values that are not UTF-8 stand as name_base64 and value_base64. Offsets are bytes from
/// the first, 0.
std::string format_decoding(std::string_view datagram, std::optional<std::size_t> line);

/// [["READY","1"],...]: names and values alone, for who only waits for one. Bytes that are not UTF-8 become
/// U+FFFD.
std::string format_name_value_pairs(std::string_view datagram);

}  // namespace notifyspec::cli
