#include "wire/json_text.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace notifyspec::wire {

std::optional<std::int64_t> usec_of_seconds(double seconds) {
  constexpr double kUsecPerSecond = 1e6;
  // Written so that NaN, too, is refused.
  if (!(seconds >= 0.0 && seconds <= static_cast<double>(kLatestUsec) / kUsecPerSecond)) return std::nullopt;
  return std::llround(seconds * kUsecPerSecond);
}

std::string format_seconds(std::int64_t usec) {
  return fmt::format("{}.{:06}", usec / 1'000'000, usec % 1'000'000);
}

std::string quote(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string describe_syntax_error(std::size_t byte, std::string_view what) {
  // The library's text names itself and a line and column of its own; what follows those is the reason.
  std::string_view reason = what;
  for (const std::string_view mark : {"column ", "] ", ": ", " - "}) {
    const std::size_t found = reason.find(mark);
    if (found != std::string_view::npos) reason.remove_prefix(found + mark.size());
  }
  return fmt::format("not JSON, at byte {}: {}", byte, reason);
}

}  // namespace notifyspec::wire
