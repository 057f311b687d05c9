// Numbers as the C library reads them: what real receivers accept beyond the plain decimals of the documents.
//
// Rules (observed, systemd 252 to 262): blanks may lead; a sign; 0x, 0b and 0o, and a plain leading 0 for
// octal; nothing may follow. Has no opinion on ranges: callers have.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace notifyspec::field {

/// 64 bits without sign. "-0" is 0, other negative numbers are none; where a vertical tab or a form feed
/// stands before the sign, which only one of two blank skippers knows, the number wraps around.
std::optional<std::uint64_t> parse_lenient_unsigned(std::string_view text);

/// 64 bits with sign.
std::optional<std::int64_t> parse_lenient_signed(std::string_view text);

}  // namespace notifyspec::field
