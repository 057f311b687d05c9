#include "mutator.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "field/field.h"
#include "wire/datagram.h"

namespace notifyspec::fuzz {
namespace {

using field::ValueType;

/// Values at the edges of a type, and just beyond.
std::vector<std::string_view> values_of(ValueType type) {
  switch (type) {
    case ValueType::kFlag:
    case ValueType::kZeroFlag:
      return {"1", "0", "", "2", "10", "1 ", "01"};
    case ValueType::kWatchdog:
      return {"1", "trigger", "triggered", "TRIGGER", "0"};
    case ValueType::kText:
      return {"", "up", "a=b", "\\", "\\n", "\"a\"",
              // UTF-8: two bytes, no lead byte, cut short, overlong, half a surrogate pair, the last and one
              // behind it
              "\xC3\xA4", "\xFF", "\xE2\x82", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x8F\xBF\xBF",
              "\xF4\x90\x80\x80"};
    case ValueType::kUnsigned:
    case ValueType::kUsec:
      return {"0", "1", "18446744073709551615", "18446744073709551616", "-1", "0x10", " 1", "infinity", "1s"};
    case ValueType::kPid:
      return {"100", "101", "103", "0", "1", "-1", "2147483647", "2147483648", "0x64", " 100", "100x"};
    case ValueType::kErrno:
    case ValueType::kExitStatus:
      return {"0", "2", "255", "256", "4095", "4096", "ENOENT", "EWHATEVER", "0x2", ""};
    case ValueType::kErrorName:
      return {"org.example.Error", "", "\x7F", "a\tb"};
    case ValueType::kFdName:
      return {"listener", "", "a:b", "stored", "\x01"};
    case ValueType::kNotifyAccess:
      return {"none", "main", "exec", "all", "", "ALL"};
    case ValueType::kHostname:
      return {"host", "host.example", "-", ""};
    case ValueType::kMachineId:
      return {"0123456789abcdef0123456789abcdef", "00000000000000000000000000000000", "0123"};
    case ValueType::kUnitName:
      return {"basic.target", "a.service", "target", ".target", "a@b.target"};
    case ValueType::kShutdown:
      return {"reboot", "halt", "poweroff", "kexec", "exit", ""};
  }
  return {""};
}

/// Lengths at which receivers change their minds.
constexpr std::array<std::size_t, 6> kLengths = {
    31, 32, 64, 128, wire::kDatagramLimit, wire::kDatagramLimit + 1};

std::vector<std::string> split(const std::string& bytes) {
  std::vector<std::string> lines(1);
  for (const char c : bytes) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

std::string join(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) (out += i == 0 ? "" : "\n") += lines[i];
  return out;
}

}  // namespace

std::string Mutator::value_of(std::size_t field) {
  const auto values = values_of(field::fields()[field].type);
  return std::string(values[below(values.size())]);
}

std::string Mutator::line() {
  const std::size_t row = below(field::fields().size());
  // Now and then the value of another field, and a name that nobody knows.
  const std::size_t other = below(8) == 0 ? below(field::fields().size()) : row;
  const std::string name = below(16) == 0 ? "X_ACME" : std::string(field::fields()[row].name);
  return name + '=' + value_of(other);
}

void Mutator::mutate_lines(std::string& bytes) {
  auto lines = split(bytes);
  const std::size_t at = below(lines.size());
  const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(9)) {
    case 0:
    case 1:
      lines.insert(place, line());
      break;
    case 2:
      lines.erase(place);
      break;
    case 3:
      lines.insert(place, lines[below(lines.size())]);
      break;
    case 4:
      std::swap(lines[at], lines[below(lines.size())]);
      break;
    case 5:
      lines[at] = line();
      break;
    case 6: {
      constexpr std::array<std::string_view, 8> kOdd = {" ", "\r", std::string_view("\0", 1), "\\", "=", "\t",
                                                        "0", "x"};
      lines[at].insert(below(lines[at].size() + 1), kOdd[below(kOdd.size())]);
      break;
    }
    case 7:
      lines.push_back("");
      break;
    default:
      lines[at].resize(
          std::max(lines[at].size(), kLengths[below(kLengths.size())] -
                                         std::min<std::size_t>(bytes.size() - lines[at].size(), 31)),
          'a');
  }
  bytes = join(lines);
}

void Mutator::change_datagram(Datagram& datagram) {
  constexpr std::array<std::size_t, 7> kFds = {0, 1, 2, 5, 6, 253, kMostFds};
  switch (below(8)) {
    case 0:
      datagram.from = static_cast<From>(below(kFromCount));
      break;
    case 1:
      datagram.n_fds = kFds[below(kFds.size())];
      break;
    case 2:
      datagram.truncated = !datagram.truncated;
      break;
    case 3:
      datagram.then_drain = !datagram.then_drain;
      break;
    case 4:
      datagram.then_reload = !datagram.then_reload;
      break;
    case 5:
      datagram.gap_usec = static_cast<std::uint32_t>(random_() >> below(31));
      break;
    default:
      mutate_lines(datagram.bytes);
  }
}

void Mutator::mutate(Scenario& scenario) {
  if (scenario.empty()) {
    scenario.push_back({.bytes = line()});
    return;
  }
  const std::size_t at = below(scenario.size());
  const auto place = scenario.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(12)) {
    case 0:
      scenario.insert(place, {.bytes = line()});
      break;
    case 1:
      scenario.insert(place, Datagram(scenario[below(scenario.size())]));
      break;
    case 2:
      scenario.erase(place);
      break;
    case 3:
      std::swap(scenario[at], scenario[below(scenario.size())]);
      break;
    case 4:  // one datagram where there were two
      if (at + 1 < scenario.size()) {
        scenario[at].bytes += '\n' + scenario[at + 1].bytes;
        scenario.erase(place + 1);
      }
      break;
    case 5: {  // a barrier, as sd_notify_barrier(3) sends it
      scenario.insert(place, {.bytes = "BARRIER=1", .n_fds = 1});
      break;
    }
    default:
      change_datagram(scenario[at]);
  }
}

Scenario Mutator::cross(const Scenario& one, const Scenario& other) {
  Scenario out(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(below(one.size() + 1)));
  out.insert(out.end(), other.begin() + static_cast<std::ptrdiff_t>(below(other.size() + 1)), other.end());
  return out;
}

std::string Mutator::cross_lines(const std::string& one, const std::string& other) {
  std::vector<std::string> lines = split(one);
  const std::vector<std::string> others = split(other);
  lines.resize(below(lines.size() + 1));
  lines.insert(lines.end(), others.begin() + static_cast<std::ptrdiff_t>(below(others.size() + 1)),
               others.end());
  return join(lines);
}

Datagram Mutator::cross(const Datagram& one, const Datagram& other) {
  const auto either = [&]() -> const Datagram& { return below(2) == 0 ? one : other; };
  return {.bytes = cross_lines(one.bytes, other.bytes),
          .from = either().from,
          .n_fds = either().n_fds,
          .truncated = either().truncated,
          .then_drain = either().then_drain,
          .then_reload = either().then_reload,
          .gap_usec = either().gap_usec};
}

std::string write_within(Scenario scenario, std::size_t limit) {
  std::string out = write_scenario(scenario);
  while (out.size() > limit && !scenario.empty()) {
    scenario.pop_back();
    out = write_scenario(scenario);
  }
  return out;
}

}  // namespace notifyspec::fuzz
