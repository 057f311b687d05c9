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
  Payload(std::string name, std::string_view bytes)
      : name_(std::move(name)), size_(bytes.size()), room_(bytes) {
    room_.resize(size_ + receiver::kPadding, 'x');
  }

  const std::string& name() const { return name_; }
  std::string_view bytes() const { return std::string_view(room_).substr(0, size_); }
  receiver::Padded padded() const { return {bytes()}; }

 private:
  std::string name_;
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

inline constexpr std::size_t kPayloads = 9;

/// By place: the argument of a benchmark. The last is longer than a receiver takes (wire::kDatagramLimit).
inline const std::array<Payload, kPayloads>& payloads() {
  static const std::array<Payload, kPayloads> kAll = {
      Payload("empty", ""),
      Payload("ready", kReady),
      Payload("status", kReadyStatus),
      Payload("reload", kReload),
      Payload("dense-1024", dense(1024)),
      Payload("line-4000", one_line(4000)),
      Payload("line-4095", one_line(4095)),
      Payload("dense-4096", dense(4096)),
      Payload("line-4097", one_line(4097)),
  };
  return kAll;
}
inline const Payload& payload(std::size_t place) {
  return payloads().at(place);
}
inline constexpr std::size_t kWhole = kPayloads - 1;  ///< so many that a receiver takes

}  // namespace notifyspec::bench
