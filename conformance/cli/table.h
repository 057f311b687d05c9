// Rows for people: a table of text, or one of Markdown.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace notifyspec::cli {

/// These columns, a line each row; the last is not padded.
std::string text_table(const std::vector<nlohmann::ordered_json>& rows,
                       const std::vector<std::string>& columns);

/// Every member that is one word or number.
std::string markdown_table(const std::vector<nlohmann::ordered_json>& rows);

}  // namespace notifyspec::cli
