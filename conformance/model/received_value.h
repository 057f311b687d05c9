// A value as a receiver of one profile reads it: as the documents have it (field/value.h), more, or less.
#pragma once

#include <optional>
#include <string_view>

#include "field/value.h"
#include "model/profile.h"

namespace notifyspec::model {

/// The value, or nothing. Allocates nothing; a text points into `text`.
std::optional<field::Value> read_value(field::ValueType type, std::string_view text, const Profile& profile);

}  // namespace notifyspec::model
