#include "model/received_value.h"

#include <array>
#include <cstdint>
#include <limits>

#include "field/errno_name.h"
#include "field/lenient_number.h"

namespace notifyspec::model {
namespace {

using field::Value;
using field::ValueType;

std::optional<Value> in_range(std::optional<std::uint64_t> number, std::uint64_t least,
                              std::uint64_t greatest) {
  if (!number || *number < least || *number > greatest) return std::nullopt;
  return Value{*number};
}

std::optional<Value> lenient_errno(std::string_view text) {
  constexpr std::int64_t kGreatest = 4095;
  const auto number = field::parse_lenient_signed(text);
  if (!number || *number < 0 || *number > kGreatest) return std::nullopt;
  return Value{static_cast<std::uint64_t>(*number)};
}

/// The code point at the front of well-formed UTF-8, which goes from `text`.
std::uint32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  constexpr std::array<std::uint8_t, 5> kLeadBits = {0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t code_point = lead & kLeadBits[length];
  for (std::size_t i = 1; i < length; ++i)
    code_point = code_point << 6 | (static_cast<std::uint8_t>(text[i]) & 0x3f);
  text.remove_prefix(length);
  return code_point;
}

/// Whether well-formed UTF-8 holds U+FDD0 to U+FDEF, or one of the last two code points of a plane.
bool has_noncharacter(std::string_view text) {
  while (!text.empty()) {
    const std::uint32_t code_point = take_code_point(text);
    if (code_point >= 0xfdd0 && code_point <= 0xfdef) return true;
    if ((code_point & 0xfffe) == 0xfffe) return true;
  }
  return false;
}

bool is_accepted(ValueType type, std::string_view text, const Profile& profile) {
  if (type == ValueType::kText) return !profile.has(Quirk::kNoNoncharacters) || !has_noncharacter(text);
  if (type != ValueType::kErrorName) return true;
  const auto holds = [text](std::string_view refused) {
    return text.find_first_of(refused) != std::string_view::npos;
  };
  if (profile.has(Quirk::kNoQuotesInErrorNames) && holds("'\"\\")) return false;
  return !profile.has(Quirk::kNoGlobsInErrorNames) || !holds("*?[");
}

}  // namespace

std::optional<Value> read_value(ValueType type, std::string_view text, const Profile& profile) {
  constexpr std::uint64_t kGreatestPid = std::numeric_limits<std::int32_t>::max();
  constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint64_t>::max();
  if (type == ValueType::kErrno && profile.has(Quirk::kErrnoNames)) {
    if (const auto number = field::errno_of(text)) return Value{*number};
  }
  if (profile.has(Quirk::kLenientNumbers)) {
    if (type == ValueType::kErrno) return lenient_errno(text);
    if (type == ValueType::kPid) return in_range(field::parse_lenient_unsigned(text), 1, kGreatestPid);
    if (type == ValueType::kUsec || type == ValueType::kUnsigned)
      return in_range(field::parse_lenient_unsigned(text), 0, kGreatest);
  }
  if (type == ValueType::kFdName && text.empty() && profile.has(Quirk::kEmptyFdName)) return Value{text};
  const auto value = field::parse_value(type, text);
  if (!value || !is_accepted(type, text, profile)) return std::nullopt;
  return *value;
}

}  // namespace notifyspec::model
