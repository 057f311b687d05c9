// Bytes of a message with room behind them: kPadding more may be read, whatever they are.
//
// That is what lets a scan go in wide steps without a look at where it is. os/batch.h makes such room.
#pragma once

#include <cstddef>
#include <string_view>

namespace notifyspec::receiver {

/// Bytes that may be read behind the end of a message: two steps of 32.
inline constexpr std::size_t kPadding = 64;

struct Padded {
  std::string_view bytes;  ///< REQUIRES: kPadding readable bytes behind the last one
};

}  // namespace notifyspec::receiver
