// The lines of a datagram as a receiver of one profile sees them.
//
// Documented: lines end at newlines, all else is itself (wire/assignment.h). systemd: a carriage return ends
// a line, too, and a backslash takes the meaning from what follows it, so that a value can hold a newline.
// Empty lines are passed over. Lines without a backslash point into the payload, others into the reader; it
// allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "model/profile.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

namespace notifyspec::model {

class LineReader {
 public:
  LineReader(std::string_view payload, const Profile& profile);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// Whether there are no lines at all, because a backslash stands at the end or there is no room for what
  /// it takes the meaning from.
  bool is_broken() const { return broken_; }

  /// The next line that is not empty; false at the end. It stays valid as long as the reader.
  bool next(wire::Assignment& line);

 private:
  bool ends_line(char c) const { return c == '\n' || (c == '\r' && carriage_return_); }
  std::size_t end_of_plain_line() const;
  std::string_view take_escaped_line();

  std::string_view payload_;
  std::size_t next_ = 0;
  bool carriage_return_;
  bool escape_;
  bool broken_ = false;
  std::size_t used_ = 0;                              ///< of `unescaped_`
  std::array<char, wire::kDatagramLimit> unescaped_;  // not zeroed: only what is written is read
};

}  // namespace notifyspec::model
