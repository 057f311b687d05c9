// The scenario: what a fuzz input says, datagram by datagram: bytes, who sends them, how many fds come along,
// what is lost on the way, and what happens behind it.
//
// Written as text that a person can read and write: each datagram ends with the control character RS, the
// letters of its options, and US; what is left out is the default. Every byte string is a scenario, and every
// scenario is written in a form that reads as the same.
//
//   STATUS=x RS c f3 US READY=1            one of a child with three fds, then one of the main process
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notifyspec::fuzz {

inline constexpr char kOptionsBegin = '\x1e';  ///< RS
inline constexpr char kOptionsEnd = '\x1f';    ///< US
inline constexpr std::size_t kMostFds = 254;   ///< one more than the kernel carries

enum class From : std::uint8_t { kMain, kChild, kOtherUid, kStranger };
inline constexpr std::size_t kFromCount = 4;

struct Datagram {
  std::string bytes;           ///< without RS and US, which could not be told from those of the form
  From from = From::kMain;     ///< c, o, s
  std::size_t n_fds = 0;       ///< f and digits, at most kMostFds
  bool truncated = false;      ///< t: something of it did not fit
  bool then_drain = false;     ///< d: the receiver takes all before the next is sent
  bool then_reload = false;    ///< r: the manager asks for a reload
  std::uint32_t gap_usec = 0;  ///< g and digits: the time until the next one

  friend bool operator==(const Datagram&, const Datagram&) = default;
};

using Scenario = std::vector<Datagram>;

Scenario read_scenario(std::string_view input);
std::string write_scenario(const Scenario& scenario);

}  // namespace notifyspec::fuzz
