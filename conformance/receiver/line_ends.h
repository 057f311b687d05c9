// Line ends: where the lines of a payload end, and whether a NUL stands in it, found in one pass.
//
// The same answer as wire/datagram.h and wire/assignment.h, which are the reference: a test and a fuzz target
// hold them together. Knows no fields. Allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "receiver/padded.h"
#include "wire/datagram.h"

namespace notifyspec::receiver {

/// Where the lines of one payload end: the offsets of its newlines, and its size where the last line has
/// none.
struct LineEnds {
  std::array<std::uint16_t, wire::kDatagramLimit> offsets;  // not zeroed: only what is counted is read
  std::size_t count = 0;
};

/// Fills `ends`; false where a NUL stands among the bytes, and then `ends` says nothing.
/// REQUIRES: at most wire::kDatagramLimit bytes.
using FindLineEnds = bool (*)(Padded payload, LineEnds& ends);

struct LineEndFinder {
  std::string_view name;  ///< "memchr", "avx2"
  FindLineEnds find;
};

/// Those that this machine can run, the fastest first. The last runs everywhere.
std::span<const LineEndFinder> line_end_finders();

}  // namespace notifyspec::receiver
