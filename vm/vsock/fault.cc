#include "vsock/fault.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <ranges>

namespace notifyspec::vsock {
namespace {

struct FaultName {
  std::string_view name;
  std::uint64_t least = 0;  ///< of the value
  std::uint64_t most = 0;   ///< 0: it takes no value
};

constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kUsecPerMsec = 1000;

constexpr std::array<FaultName, 8> kNames = {{
    {.name = "no-seqpacket"},
    {.name = "refuse"},
    {.name = "no-half-close"},
    {.name = "byte-back"},
    {.name = "credit", .least = 1, .most = std::uint64_t{1} << 20},
    {.name = "reset-after", .least = 1, .most = kMost32},
    {.name = "slow", .least = 1, .most = kMost32},
    {.name = "delay-close", .least = 1, .most = kMost32},
}};

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Cuts `text` at the first `mark`; what stood behind it, if it stood there.
std::optional<std::string_view> cut(std::string_view& text, char mark) {
  const std::size_t place = text.find(mark);
  if (place == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(place + 1);
  text = text.substr(0, place);
  return behind;
}

}  // namespace

std::expected<void, std::string> FaultPlan::add(std::string_view text) {
  const auto port = cut(text, '@');
  const auto value = cut(text, '=');
  const auto* const known = std::ranges::find(kNames, text, &FaultName::name);
  if (known == kNames.end()) {
    return std::unexpected(fmt::format("no fault is called '{}'; there are {}", text,
                                       fmt::join(kNames | std::views::transform(&FaultName::name), ", ")));
  }
  Entry entry = {.port = std::nullopt, .name = std::string(text), .value = 0};
  if (port) {
    const auto number = parse_number(*port);
    if (!number || *number > kMost32) return std::unexpected(fmt::format("'{}' is no port", *port));
    entry.port = static_cast<std::uint32_t>(*number);
  }
  if (known->most == 0) {
    if (value) return std::unexpected(fmt::format("{} takes no value", text));
  } else {
    const auto number = value ? parse_number(*value) : std::nullopt;
    if (!number || *number < known->least || *number > known->most) {
      return std::unexpected(
          fmt::format("{0} wants a number from {1} to {2}: {0}={1}", text, known->least, known->most));
    }
    entry.value = *number;
  }
  if (text == "no-seqpacket") {
    if (port) return std::unexpected("no-seqpacket is a matter of the whole device and takes no port");
    offers_seqpacket_ = false;
  }
  entries_.push_back(std::move(entry));
  return {};
}

Faults FaultPlan::at(std::uint32_t port) const {
  Faults faults;
  for (const Entry& entry : entries_) {
    if (entry.port && *entry.port != port) continue;
    if (entry.name == "refuse") faults.refuse = true;
    if (entry.name == "no-half-close") faults.no_half_close = true;
    if (entry.name == "byte-back") faults.byte_back = true;
    if (entry.name == "credit") faults.credit = static_cast<std::uint32_t>(entry.value);
    if (entry.name == "reset-after") faults.reset_after = entry.value;
    if (entry.name == "slow") faults.bytes_per_second = entry.value;
    if (entry.name == "delay-close") {
      faults.delay_close_usec = static_cast<std::int64_t>(entry.value * kUsecPerMsec);
    }
  }
  return faults;
}

}  // namespace notifyspec::vsock
