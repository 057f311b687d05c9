#include "scenario.h"

#include <algorithm>
#include <charconv>

namespace notifyspec::fuzz {
namespace {

constexpr std::string_view kMarks = "\x1e\x1f";

/// The number at the front of `text`, which goes from it; at most `limit`.
std::uint32_t take_number(std::string_view& text, std::uint32_t limit) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc::result_out_of_range ? limit : std::min(number, limit);
}

void take_options(std::string_view options, Datagram& datagram) {
  while (!options.empty()) {
    const char letter = options.front();
    options.remove_prefix(1);
    if (letter == 'c') datagram.from = From::kChild;
    if (letter == 'o') datagram.from = From::kOtherUid;
    if (letter == 's') datagram.from = From::kStranger;
    if (letter == 't') datagram.truncated = true;
    if (letter == 'd') datagram.then_drain = true;
    if (letter == 'r') datagram.then_reload = true;
    if (letter == 'f') datagram.n_fds = take_number(options, kMostFds);
    if (letter == 'g') datagram.gap_usec = take_number(options, UINT32_MAX);
  }
}

std::string options_of(const Datagram& datagram) {
  constexpr std::string_view kFrom[kFromCount] = {"", "c", "o", "s"};
  std::string out(kFrom[static_cast<std::size_t>(datagram.from)]);
  if (datagram.truncated) out += 't';
  if (datagram.then_drain) out += 'd';
  if (datagram.then_reload) out += 'r';
  if (datagram.n_fds > 0) out += 'f' + std::to_string(datagram.n_fds);
  if (datagram.gap_usec > 0) out += 'g' + std::to_string(datagram.gap_usec);
  return out;
}

}  // namespace

Scenario read_scenario(std::string_view input) {
  Scenario scenario;
  while (!input.empty()) {
    Datagram datagram;
    const std::size_t end = std::min(input.find_first_of(kMarks), input.size());
    datagram.bytes = input.substr(0, end);
    input.remove_prefix(end);
    if (!input.empty()) {
      const bool has_options = input.front() == kOptionsBegin;
      input.remove_prefix(1);
      if (has_options) {
        const std::size_t close = std::min(input.find(kOptionsEnd), input.size());
        take_options(input.substr(0, close), datagram);
        input.remove_prefix(std::min(close + 1, input.size()));
      }
    }
    scenario.push_back(std::move(datagram));
  }
  return scenario;
}

std::string write_scenario(const Scenario& scenario) {
  std::string out;
  for (const Datagram& datagram : scenario) {
    for (const char c : datagram.bytes)
      if (kMarks.find(c) == std::string_view::npos) out += c;
    out += kOptionsBegin;
    out += options_of(datagram);
    out += kOptionsEnd;
  }
  return out;
}

}  // namespace notifyspec::fuzz
