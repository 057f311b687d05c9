// Assignments: the lines of a datagram, split without loss and without judgement.
//
// Rule (sd_notify(3), "newline-separated list of variable assignments"): lines end at '\n'; the newline after
// the last one is optional. Every byte is accounted for: lines joined by '\n' give the payload back. Empty
// lines and lines without '=' are kept, for the caller to ignore. Does not know which names exist.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace notifyspec::wire {

/// One line. All views point into the payload that was split.
struct Assignment {
  std::size_t offset = 0;  ///< of the line's first byte in the payload
  std::string_view line;   ///< the whole line, without its newline
  std::string_view name;   ///< what stands before the first '='; the whole line where there is none
  std::string_view value;  ///< what stands after the first '='; empty where there is none
  bool assigned = false;   ///< whether there is a '='

  friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// What `line` assigns; it stands at `offset` of its payload.
Assignment read_assignment(std::string_view line, std::size_t offset);

/// A range over the lines of a payload; it allocates nothing. An empty payload has no lines, and a final
/// newline begins no line.
class Assignments {
 public:
  class Iterator {
   public:
    using value_type = Assignment;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    Iterator() = default;
    explicit Iterator(std::string_view payload);
    const Assignment& operator*() const { return current_; }
    const Assignment* operator->() const { return &current_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return done_; }

   private:
    void read_line();

    std::string_view payload_;
    std::size_t next_ = 0;
    Assignment current_;
    bool done_ = true;
  };

  explicit Assignments(std::string_view payload) : payload_(payload) {}
  Iterator begin() const { return Iterator(payload_); }
  static std::default_sentinel_t end() { return std::default_sentinel; }

 private:
  std::string_view payload_;
};

/// The lines of `payload`, in order.
inline Assignments split_assignments(std::string_view payload) {
  return Assignments(payload);
}

}  // namespace notifyspec::wire
