// Whether the field of a line is one of the table: as this project's receiver asks, and as its plain stages
// do.
#pragma once

#include <string_view>

#include "field/field.h"
#include "receiver/tag.h"

namespace notifyspec::bench {

inline bool is_known_by_tag(std::string_view line) {
  return receiver::classify(line).tag != receiver::Tag::kUnknown;
}
inline bool is_known_by_table(std::string_view line) {
  return field::find(line.substr(0, line.find('='))) != nullptr;
}

}  // namespace notifyspec::bench
