#include "wire/flat_json.h"

namespace notifyspec::wire {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// What a backslash and `c` stand for, or NUL where the library should be asked.
char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '"':
    case '\\':
    case '/':
      return c;
    default:
      return '\0';
  }
}

}  // namespace

bool FlatCursor::take_string(std::string_view& text, std::string& buffer) {
  if (peek() != '"') return false;
  const char* const from = ++next_;
  bool ascii = true;
  bool escaped = false;
  for (; next_ != end_ && *next_ != '"'; ++next_) {
    const auto byte = static_cast<std::uint8_t>(*next_);
    if (byte < 0x20) return false;
    if (byte >= 0x80) ascii = false;
    if (byte != '\\') continue;
    escaped = true;
    if (++next_ == end_) return false;
  }
  if (next_ == end_) return false;
  text = std::string_view(from, next_++);
  if (!ascii && !is_utf8(text)) return false;
  return !escaped || unescape(from, text, buffer);
}

bool FlatCursor::unescape(const char* from, std::string_view& text, std::string& buffer) {
  buffer.clear();
  for (const char* const end = from + text.size(); from != end; ++from) {
    const char byte = *from == '\\' ? unescaped(*++from) : *from;
    if (byte == '\0') return false;
    buffer.push_back(byte);
  }
  text = buffer;
  return true;
}

bool FlatCursor::take_number(std::string_view& digits, bool& integer) {
  const char* const from = next_;
  while (is_digit(peek())) ++next_;
  const auto length = next_ - from;
  if (length == 0 || (*from == '0' && length > 1)) return false;
  integer = peek() != '.';
  if (!integer) {
    const char* const fraction = ++next_;
    while (is_digit(peek())) ++next_;
    if (next_ == fraction) return false;
  }
  digits = std::string_view(from, next_);
  return true;
}

}  // namespace notifyspec::wire
