#include "field/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

#include "wire/utf8.h"

namespace notifyspec::field {
namespace {

using Parsed = std::expected<Value, FieldError>;

Parsed refuse(std::string_view reason) {
  return std::unexpected(FieldError{reason});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

struct Range {
  std::uint64_t least, greatest;
  std::string_view otherwise;
};

constexpr Range kUnsignedRange = {0, std::numeric_limits<std::uint64_t>::max(),
                                  "not between 0 and 18446744073709551615"};
constexpr Range kPidRange = {1, std::numeric_limits<std::int32_t>::max(), "not between 1 and 2147483647"};
constexpr Range kErrnoRange = {0, 4095, "not between 0 and 4095"};
constexpr Range kExitStatusRange = {0, 255, "not between 0 and 255"};

Parsed parse_unsigned(std::string_view text, const Range& range) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return refuse("not an unsigned decimal number");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < range.least || number > range.greatest) return refuse(range.otherwise);
  return Value{number};
}

struct Words {
  std::span<const std::string_view> words;
  std::string_view otherwise;
};

constexpr std::array<std::string_view, 2> kWatchdogWords = {"1", "trigger"};
constexpr std::array<std::string_view, 4> kAccessWords = {"none", "main", "exec", "all"};
constexpr std::array<std::string_view, 5> kShutdownWords = {"reboot", "halt", "poweroff", "kexec", "exit"};

Parsed parse_word(std::string_view text, const Words& known) {
  if (std::ranges::find(known.words, text) == known.words.end()) return refuse(known.otherwise);
  return Value{text};
}

Parsed parse_flag(std::string_view text) {
  if (text != "1") return refuse("the only defined value is 1");
  return Value{std::uint64_t{1}};
}

Parsed parse_zero_flag(std::string_view text) {
  if (text != "0") return refuse("the only defined value is 0");
  return Value{std::uint64_t{0}};
}

Parsed parse_text(std::string_view text) {
  if (!wire::is_utf8(text)) return refuse("not valid UTF-8");
  return Value{text};
}

Parsed parse_error_name(std::string_view text) {
  if (!std::ranges::all_of(text, is_printable)) return refuse("not printable ASCII");
  return Value{text};
}

Parsed parse_fd_name(std::string_view text) {
  constexpr std::size_t kLimit = 255;
  if (text.empty() || text.size() > kLimit) return refuse("not 1 to 255 characters long");
  if (!std::ranges::all_of(text, [](char c) { return is_printable(c) && c != ':'; }))
    return refuse("a control character, a ':' or no ASCII in it");
  return Value{text};
}

/// One label or several, letters, digits and hyphens, as hostname(7) has it; Linux allows 64 bytes.
Parsed parse_hostname(std::string_view text) {
  constexpr std::size_t kLimit = 64;
  if (text.empty() || text.size() > kLimit) return refuse("not 1 to 64 characters long");
  char before = '.';
  for (const char c : text) {
    if (!is_alnum(c) && c != '-' && c != '.' && c != '_') return refuse("a character that no hostname has");
    if ((c == '.' || c == '-') && before == '.') return refuse("a label that is empty or begins with '-'");
    if (c == '.' && before == '-') return refuse("a label that ends with '-'");
    before = c;
  }
  if (before == '.' || before == '-') return refuse("it ends with '.' or '-'");
  return Value{text};
}

Parsed parse_machine_id(std::string_view text) {
  constexpr std::size_t kDigits = 32;
  if (text.size() != kDigits || !std::ranges::all_of(text, is_lower_hex))
    return refuse("not 32 lower-case hexadecimal digits");
  if (std::ranges::all_of(text, [](char c) { return c == '0'; })) return refuse("all zero");
  return Value{text};
}

/// A name, a suffix that systemd.unit(5) lists, and only the characters that it allows.
Parsed parse_unit_name(std::string_view text) {
  constexpr std::size_t kLimit = 255;
  constexpr auto kSuffixes =
      std::to_array<std::string_view>({"service", "socket", "device", "mount", "automount", "swap", "target",
                                       "path", "timer", "slice", "scope"});
  if (text.size() > kLimit) return refuse("longer than 255 characters");
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 ||
      std::ranges::find(kSuffixes, text.substr(dot + 1)) == kSuffixes.end())
    return refuse("not a unit name with a known suffix");
  const auto allowed = [](char c) {
    return is_alnum(c) || std::string_view(":-_.\\@").find(c) != std::string_view::npos;
  };
  if (!std::ranges::all_of(text, allowed)) return refuse("a character that no unit name has");
  return Value{text};
}

}  // namespace

std::expected<Value, FieldError> parse_value(ValueType type, std::string_view text) {
  using enum ValueType;
  switch (type) {
    case kFlag:
      return parse_flag(text);
    case kZeroFlag:
      return parse_zero_flag(text);
    case kWatchdog:
      return parse_word(text, {kWatchdogWords, "not one of 1 trigger"});
    case kText:
      return parse_text(text);
    case kUnsigned:
    case kUsec:
      return parse_unsigned(text, kUnsignedRange);
    case kPid:
      return parse_unsigned(text, kPidRange);
    case kErrno:
      return parse_unsigned(text, kErrnoRange);
    case kExitStatus:
      return parse_unsigned(text, kExitStatusRange);
    case kErrorName:
      return parse_error_name(text);
    case kFdName:
      return parse_fd_name(text);
    case kNotifyAccess:
      return parse_word(text, {kAccessWords, "not one of none main exec all"});
    case kHostname:
      return parse_hostname(text);
    case kMachineId:
      return parse_machine_id(text);
    case kUnitName:
      return parse_unit_name(text);
    case kShutdown:
      return parse_word(text, {kShutdownWords, "not one of reboot halt poweroff kexec exit"});
  }
  return refuse("no parser for this type");
}

}  // namespace notifyspec::field
