// Values: one total parser for each ValueType. Every byte string gives a value or a reason, never anything
// else.
//
// Strict by the documents ("formatted as decimal string"): no sign, no blank, no hexadecimal, no leading
// zeros are normalised away. What real receivers accept beyond that is a matter of profiles, not of this
// stage.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <variant>

#include "field/field.h"

namespace notifyspec::field {

/// Flags and numbers are numbers; all else is text that points into the input.
using Value = std::variant<std::uint64_t, std::string_view>;

/// Why a value is none: a phrase, "not an unsigned decimal number". It is one of a few that are written down
/// once, so that a refusal costs no memory.
struct FieldError {
  std::string_view reason;
};

std::expected<Value, FieldError> parse_value(ValueType type, std::string_view text);

}  // namespace notifyspec::field
