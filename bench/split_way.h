// Ways to find the lines of a datagram, as people write them. Each calls `visit(line)` for each line, in
// order, and for none where a NUL stands in it: such a datagram is to be refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "payload.h"
#include "receiver/lines.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

namespace notifyspec::bench {

/// As this project's receiver does it.
class ByReceiver {
 public:
  template <typename Visit>
  void operator()(const Payload& message, Visit visit) {
    const auto lines = splitter_.split(message.padded());
    for (const std::string_view line : *lines) visit(line);
  }

 private:
  receiver::Splitter splitter_;
};

/// As its plain stages do it, which are the reference.
struct ByPlain {
  template <typename Visit>
  void operator()(const Payload& message, Visit visit) const {
    for (const wire::Assignment& line : wire::split_assignments(*wire::payload(message.bytes())))
      visit(line.line);
  }
};

struct ByMemchr {
  template <typename Visit>
  void operator()(const Payload& message, Visit visit) const {
    each(message.bytes(), visit);
  }
  template <typename Visit>
  static void each(std::string_view rest, Visit visit) {
    if (!rest.empty() && std::memchr(rest.data(), '\0', rest.size()) != nullptr) return;
    while (!rest.empty()) {
      const void* const end = std::memchr(rest.data(), '\n', rest.size());
      const std::size_t size = end == nullptr
                                   ? rest.size()
                                   : static_cast<std::size_t>(static_cast<const char*>(end) - rest.data());
      visit(rest.substr(0, size));
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }
};

struct ByteByByte {
  template <typename Visit>
  void operator()(const Payload& message, Visit visit) const {
    const std::string_view bytes = message.bytes();
    std::size_t begin = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\0') return;
      if (bytes[i] != '\n') continue;
      visit(bytes.substr(begin, i - begin));
      begin = i + 1;
    }
    if (begin < bytes.size()) visit(bytes.substr(begin));
  }
};

}  // namespace notifyspec::bench
