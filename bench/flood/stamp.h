// The messages of a flood: a watchdog's ping, with the time at which it was sent in a field that is nobody's.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

namespace notifyspec::bench {

inline constexpr std::string_view kPing = "WATCHDOG=1\nX_NOTIFYSPEC_SENT=";
inline constexpr std::string_view kSent = "X_NOTIFYSPEC_SENT=";
inline constexpr std::string_view kOver = "X_NOTIFYSPEC_FLOOD=over";  // the last message of all
inline constexpr std::size_t kStampRoom = kPing.size() + 20;          // digits of the longest number

/// CLOCK_MONOTONIC, nanoseconds.
inline std::int64_t now_nsec() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// A message that was sent then; a view into `buffer`.
inline std::string_view stamped(std::array<char, kStampRoom>& buffer, std::int64_t nsec) {
  kPing.copy(buffer.data(), kPing.size());
  const auto end = std::to_chars(buffer.data() + kPing.size(), buffer.data() + buffer.size(), nsec).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

/// When it was sent, where the line says so.
inline std::optional<std::int64_t> sent_nsec(std::string_view line) {
  if (!line.starts_with(kSent)) return std::nullopt;
  std::int64_t nsec = 0;
  std::from_chars(line.data() + kSent.size(), line.data() + line.size(), nsec);
  return nsec;
}

}  // namespace notifyspec::bench
