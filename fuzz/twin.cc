#include "twin.h"

#include <algorithm>
#include <array>

namespace notifyspec::fuzz::twin {
namespace {

bool has_only(const std::string& text, const std::string& allowed) {
  for (const char c : text)
    if (allowed.find(c) == std::string::npos) return false;
  return true;
}

const std::string kDigits = "0123456789";
const std::string kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Decimal digits alone, and no greater than `greatest`, which is written without zeros in front.
bool is_number(std::string text, const std::string& greatest) {
  if (text.empty() || !has_only(text, kDigits)) return false;
  while (text.size() > 1 && text.front() == '0') text.erase(0, 1);
  if (text.size() != greatest.size()) return text.size() < greatest.size();
  return text <= greatest;
}

/// The bytes from `from` on: how many are one character of UTF-8 (RFC 3629, section 4, its table of byte
/// ranges).
std::size_t character(const std::string& text, std::size_t from) {
  struct Row {
    int first_least, first_greatest, second_least, second_greatest;
    std::size_t length;
  };
  constexpr std::array<Row, 9> kRows = {{{0x00, 0x7F, 0, 0, 1},
                                         {0xC2, 0xDF, 0x80, 0xBF, 2},
                                         {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                         {0xE1, 0xEC, 0x80, 0xBF, 3},
                                         {0xED, 0xED, 0x80, 0x9F, 3},
                                         {0xEE, 0xEF, 0x80, 0xBF, 3},
                                         {0xF0, 0xF0, 0x90, 0xBF, 4},
                                         {0xF1, 0xF3, 0x80, 0xBF, 4},
                                         {0xF4, 0xF4, 0x80, 0x8F, 4}}};
  const auto at = [&](std::size_t place) {
    return place < text.size() ? static_cast<unsigned char>(text[place]) : -1;
  };
  for (const Row& row : kRows) {
    if (at(from) < row.first_least || at(from) > row.first_greatest) continue;
    if (row.length > 1 && (at(from + 1) < row.second_least || at(from + 1) > row.second_greatest)) return 0;
    for (std::size_t i = 2; i < row.length; ++i)
      if (at(from + i) < 0x80 || at(from + i) > 0xBF) return 0;
    return row.length;
  }
  return 0;
}

bool is_utf8(const std::string& text) {
  for (std::size_t place = 0; place < text.size();) {
    const std::size_t length = character(text, place);
    if (length == 0) return false;
    place += length;
  }
  return true;
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

bool is_one_of(const std::string& text, const std::vector<std::string>& words) {
  return std::count(words.begin(), words.end(), text) > 0;
}

std::vector<std::string> parts(const std::string& text, char separator) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == separator) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

bool is_label(const std::string& text) {
  return !text.empty() && has_only(text, kLetters + kDigits + "-_") && text.front() != '-' &&
         text.back() != '-';
}

bool is_hostname(const std::string& text) {
  const auto labels = parts(text, '.');
  return text.size() <= 64 && std::all_of(labels.begin(), labels.end(), is_label);
}

bool is_unit_name(const std::string& text) {
  const std::size_t dot = text.rfind('.');
  if (text.size() > 255 || dot == std::string::npos || dot == 0) return false;
  return has_only(text, kLetters + kDigits + ":-_.\\@") &&
         is_one_of(text.substr(dot + 1), {"service", "socket", "device", "mount", "automount", "swap",
                                          "target", "path", "timer", "slice", "scope"});
}

}  // namespace

std::optional<std::vector<std::string>> lines(std::string_view datagram) {
  std::string text(datagram);
  if (text.size() > 4096) return std::nullopt;
  if (!text.empty() && text.back() == '\0') text.pop_back();
  for (const char c : text)
    if (c == '\0') return std::nullopt;
  if (text.empty()) return std::vector<std::string>();
  auto all = parts(text, '\n');
  if (all.back().empty()) all.pop_back();
  return all;
}

std::optional<std::string> name(const std::string& line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '=') return line.substr(0, i);
  return std::nullopt;
}

std::string value(const std::string& line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '=') return line.substr(i + 1);
  return "";
}

bool is_value(field::ValueType type, const std::string& text) {
  using enum field::ValueType;
  switch (type) {
    case kFlag:
      return text == "1";
    case kZeroFlag:
      return text == "0";
    case kWatchdog:
      return text == "1" || text == "trigger";
    case kText:
      return is_utf8(text);
    case kUnsigned:
    case kUsec:
      return is_number(text, "18446744073709551615");
    case kPid:
      return is_number(text, "2147483647") && !has_only(text, "0");
    case kErrno:
      return is_number(text, "4095");
    case kExitStatus:
      return is_number(text, "255");
    case kErrorName:
      return is_printable(text);
    case kFdName:
      return !text.empty() && text.size() <= 255 && is_printable(text) && text.find(':') == std::string::npos;
    case kNotifyAccess:
      return is_one_of(text, {"none", "main", "exec", "all"});
    case kHostname:
      return is_hostname(text);
    case kMachineId:
      return text.size() == 32 && has_only(text, "0123456789abcdef") && !has_only(text, "0");
    case kUnitName:
      return is_unit_name(text);
    case kShutdown:
      return is_one_of(text, {"reboot", "halt", "poweroff", "kexec", "exit"});
  }
  return false;
}

void Service::take(const std::vector<std::string>& lines) {
  // BARRIER=1 must be alone, and asks for nothing that is looked at here.
  for (const std::string& line : lines)
    if (line == "BARRIER=1") return;
  std::map<std::string, std::string> said;  // of several values of a field the first that is one
  for (const std::string& line : lines) {
    const std::string field = name(line).value_or("");
    if (field == "MAINPID" || field == "MAINPIDFD" || field == "MAINPIDFDID" || field == "NOTIFYACCESS")
      is_over = true;
    const auto is = [&](const char* wanted, field::ValueType type) {
      return field == wanted && is_value(type, value(line));
    };
    using enum field::ValueType;
    if (is("STATUS", kText) || is("ERRNO", kErrno) || is("BUSERROR", kErrorName) ||
        is("VARLINKERROR", kErrorName) || is("WATCHDOG_USEC", kUsec))
      said.insert({field, value(line)});
  }
  for (const auto& [field, what] : said) known[field] = what;
}

}  // namespace notifyspec::fuzz::twin
