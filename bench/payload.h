// What the benchmarks of the receive path are given: messages of the sizes that matter, as services send
// them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "receiver/padded.h"

namespace notifyspec::bench {

/// A message in a buffer of its own, with room behind it.
class Payload {
 public:
  explicit Payload(std::string_view bytes) : size_(bytes.size()), room_(bytes) {
    room_.resize(size_ + receiver::kPadding, 'x');
  }

  std::string_view bytes() const { return std::string_view(room_).substr(0, size_); }
  receiver::Padded padded() const { return {bytes()}; }

 private:
  std::size_t size_;
  std::string room_;
};

inline constexpr std::string_view kReady = "READY=1";
inline constexpr std::string_view kReadyStatus = "READY=1\nSTATUS=Processing requests....";
inline constexpr std::string_view kReload =
    "RELOADING=1\nMONOTONIC_USEC=8123456789\nSTATUS=Reloading data.\nFDNAME=listeners\n";

/// `size` bytes of many short lines, or of one.
inline std::string dense(std::size_t size) {
  std::string out;
  while (out.size() < size) out += "READY=1\n";
  return out.substr(0, size);
}
inline std::string one_line(std::size_t size) {
  std::string out = "STATUS=";
  out.resize(size, 'a');
  return out;
}

/// By place: the argument of a benchmark.
inline const Payload& payload(std::size_t place) {
  static const std::array<Payload, 8> kAll = {
      Payload(""),          Payload(kReady),         Payload(kReadyStatus), Payload(kReload),
      Payload(dense(1024)), Payload(one_line(4000)), Payload(dense(4096)),  Payload(one_line(4096))};
  return kAll.at(place);
}
inline constexpr std::size_t kPayloads = 8;

}  // namespace notifyspec::bench
