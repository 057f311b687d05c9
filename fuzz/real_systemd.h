// The real systemd: what the libsystemd-shared of the system in whose root this runs makes of a datagram.
//
// Through what it exports, and no more: from 258 on the receive path itself, behind a real socket; before
// that only the splitter, so that of size, NUL and fds nothing is asked there. An assertion of its code ends
// this process.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "scenario.h"

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

  bool receives() const { return receive_ != nullptr; }
  /// Whether it can be given that at all.
  bool takes(const Datagram& datagram) const;
  /// REQUIRES: takes(datagram).
  Reading read(const Datagram& datagram) const;

 private:
  using Split = int(char*** lines, const char* text, unsigned int flags);
  using Receive = int(int socket, char*** lines, void* sender, void* pidref, void** fds);

  Reading split(const Datagram& datagram) const;
  Reading receive(const Datagram& datagram) const;

  Split* split_ = nullptr;
  Receive* receive_ = nullptr;
  unsigned int (*count_fds_)(void* fds) = nullptr;
  void* (*close_fds_)(void* fds) = nullptr;
};

}  // namespace notifyspec::fuzz
