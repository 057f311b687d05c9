// A scanner for the plain form of JSON in which traces are written: one object, no objects or arrays in it,
// no rare escapes, no exponents.
//
// The JSON library spends more than a microsecond on a line, most of it byte by byte; a trace of a million
// messages is to be judged in two seconds. What the scanner accepts means the same to the library (a test
// compares them); what it does not know it leaves alone: false, and the caller asks the library, which also
// names what is wrong.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "wire/utf8.h"

namespace notifyspec::wire {

/// Where a scan stands in its line.
class FlatCursor {
 public:
  explicit FlatCursor(std::string_view line) : next_(line.data()), end_(line.data() + line.size()) {}

  bool at_end() const { return next_ == end_; }
  char peek() const { return at_end() ? '\0' : *next_; }
  /// Takes `c` and one blank after it, as some writers put it there.
  bool take(char c) {
    if (peek() != c) return false;
    ++next_;
    if (peek() == ' ') ++next_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!std::string_view(next_, end_).starts_with(word)) return false;
    next_ += word.size();
    return true;
  }
  /// A string with its quotes. `text` points into the line, or to `buffer` where something was escaped.
  bool take_string(std::string_view& text, std::string& buffer);
  /// A number without sign and exponent. `integer` says whether it has no fraction.
  bool take_number(std::string_view& digits, bool& integer);

 private:
  bool unescape(const char* from, std::string_view& text, std::string& buffer);

  const char* next_;
  const char* end_;
};

/// One value of `cursor` to `handler`. False: unknown here, or refused by the handler.
template <typename Handler>
bool scan_flat_value(FlatCursor& cursor, Handler& handler, std::string& buffer) {
  std::string_view text;
  if (cursor.peek() == '"') return cursor.take_string(text, buffer) && handler.string(text);
  if (cursor.peek() == 't') return cursor.take_word("true") && handler.boolean(true);
  bool integer = false;
  if (!cursor.take_number(text, integer)) return false;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (!integer) {
    double number = 0;
    return std::from_chars(begin, end, number).ec == std::errc() && handler.number_float(number, text);
  }
  std::uint64_t number = 0;
  return std::from_chars(begin, end, number).ec == std::errc() && handler.number_unsigned(number);
}

/// The whole of `line` to `handler`, by the calls of nlohmann's SAX interface; strings come as
/// std::string_view.
template <typename Handler>
bool scan_flat_object(std::string_view line, Handler& handler) {
  FlatCursor cursor(line);
  std::string buffer;
  if (!cursor.take('{') || !handler.start_object(0)) return false;
  do {
    std::string_view name;
    if (!cursor.take_string(name, buffer) || !handler.key(name)) return false;
    if (!cursor.take(':') || !scan_flat_value(cursor, handler, buffer)) return false;
  } while (cursor.take(','));
  return cursor.take('}') && cursor.at_end() && handler.end_object();
}

}  // namespace notifyspec::wire
