// The real systemd: what the libsystemd-shared of the system in whose root this runs makes of a datagram.
//
// Through what it exports, and no more: from 258 on the receive path itself, behind a real socket, with fds
// and with senders of all kinds; what is lost on the way is some of the fds (MSG_CTRUNC), or where there are
// none, who sends. Before that only the splitter, so that of size, NUL, fds and senders nothing is asked
// there. An assertion of its code ends this process.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "scenario.h"
#include "systemd_calls.h"

namespace notifyspec::fuzz {

/// Lines in order; nothing where the datagram is dropped.
using Lines = std::optional<std::vector<std::string>>;

struct Reading {
  Lines lines;
  std::string fault;  ///< what went wrong with its sender or its fds; empty: nothing
};

class RealSystemd {
 public:
  /// The library at that path, which stays open; in the error what dlopen(3) says.
  static std::expected<RealSystemd, std::string> open(const char* path);

  bool receives() const { return calls_.receive != nullptr; }
  /// Whether it can be given that at all.
  bool takes(const Datagram& datagram) const;
  /// REQUIRES: takes(datagram).
  Reading read(const Datagram& datagram) const;

 private:
  explicit RealSystemd(const SystemdCalls& calls) : calls_(calls) {}
  Reading split(const Datagram& datagram) const;
  Reading receive(const Datagram& datagram) const;

  SystemdCalls calls_;
};

}  // namespace notifyspec::fuzz
