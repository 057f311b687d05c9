// How messages stand in a request to a contestant: base64, with a space between them. An empty message is an
// empty word, so that no text is one empty message.
#pragma once

#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "wire/base64.h"

namespace notifyspec::bench {

/// Nothing where a word is no base64.
inline std::optional<std::vector<std::string>> decode_words(std::string_view text) {
  if (text.empty()) return std::vector<std::string>(1);
  std::vector<std::string> messages;
  for (const auto word : std::views::split(text, ' '))
    if (!wire::decode_base64(std::string_view(word.begin(), word.end()), messages.emplace_back()))
      return std::nullopt;
  return messages;
}

}  // namespace notifyspec::bench
