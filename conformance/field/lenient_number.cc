#include "field/lenient_number.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace notifyspec::field {
namespace {

/// A number before anybody asked for its range.
struct Reading {
  std::uint64_t magnitude = 0;
  bool negative = false;
  bool sign_is_first = false;  ///< no blank of the second kind stands before it
};

bool take_prefix(std::string_view& text, char letter) {
  const auto lower = [](char c) { return static_cast<char>(c | 0x20); };
  if (text.size() < 2 || text[0] != '0' || lower(text[1]) != letter) return false;
  text.remove_prefix(2);
  return true;
}

void skip(std::string_view& text, std::string_view blanks) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

/// The digits of `text`, all of it; `base` 0: as the prefix says.
std::optional<std::uint64_t> read_digits(std::string_view text, int base) {
  if (base == 0) {
    const bool hexadecimal = take_prefix(text, 'x');
    base = hexadecimal ? 16 : text.starts_with('0') ? 8 : 10;
  }
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<Reading> read(std::string_view text) {
  Reading reading;
  skip(text, " \t\n\r");
  int base = 0;
  if (take_prefix(text, 'b')) {
    base = 2;
  } else if (take_prefix(text, 'o')) {
    base = 8;
  }
  reading.sign_is_first = text.starts_with('-');
  skip(text, " \t\n\v\f\r");
  reading.negative = text.starts_with('-');
  if (reading.negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('-')) return std::nullopt;
  const auto magnitude = read_digits(text, base);
  if (!magnitude) return std::nullopt;
  reading.magnitude = *magnitude;
  return reading;
}

}  // namespace

std::optional<std::uint64_t> parse_lenient_unsigned(std::string_view text) {
  const auto reading = read(text);
  if (!reading) return std::nullopt;
  if (!reading->negative) return reading->magnitude;
  if (reading->magnitude != 0 && reading->sign_is_first) return std::nullopt;
  return 0 - reading->magnitude;
}

std::optional<std::int64_t> parse_lenient_signed(std::string_view text) {
  constexpr std::uint64_t kGreatest = std::numeric_limits<std::int64_t>::max();
  const auto reading = read(text);
  if (!reading || reading->magnitude > kGreatest) return std::nullopt;
  const auto magnitude = static_cast<std::int64_t>(reading->magnitude);
  return reading->negative ? -magnitude : magnitude;
}

}  // namespace notifyspec::field
