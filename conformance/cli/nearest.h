// What somebody may have meant who mistyped a word.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace notifyspec::cli {

/// Letters to add, take away, change or swap with their neighbour until `a` is `b`.
std::size_t distance(std::string_view a, std::string_view b);

/// That of `known` which is nearest to `word`, or nothing where none is near.
std::string_view nearest(std::string_view word, std::span<const std::string> known);

}  // namespace notifyspec::cli
