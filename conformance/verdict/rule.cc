#include "verdict/rule.h"

#include <fmt/format.h>

#include <utility>

namespace notifyspec::verdict {

Finding met(std::string expected, std::string seen, std::vector<std::size_t> lines) {
  return {Outcome::kMet, std::move(expected), std::move(seen), std::move(lines)};
}

Finding not_met(std::string expected, std::string seen, std::vector<std::size_t> lines) {
  return {Outcome::kNotMet, std::move(expected), std::move(seen), std::move(lines)};
}

Finding not_applicable(std::string reason) {
  return {Outcome::kNotApplicable, "", std::move(reason), {}};
}

Finding inconclusive(std::string reason) {
  return {Outcome::kInconclusive, "", std::move(reason), {}};
}

void Lines::add(std::size_t line) {
  if (first_.size() < kMost) first_.push_back(line);
  ++count_;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string out = "\"";
  for (const char c : text.substr(0, kLongest)) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (text.size() > kLongest) out += "...";
  return out += '"';
}

}  // namespace notifyspec::verdict
