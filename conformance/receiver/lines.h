// The lines of a datagram, as a receiver reads them from its own padded buffer: fast, and without allocating.
//
// Rules: those of wire/datagram.h and wire/assignment.h.
#pragma once

#include <cstddef>
#include <expected>
#include <iterator>
#include <string_view>

#include "receiver/line_ends.h"
#include "receiver/padded.h"
#include "wire/datagram.h"

namespace notifyspec::receiver {

/// A range over the lines of a payload, in order; empty ones are among them. Views point into the payload.
class Lines {
 public:
  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    Iterator() = default;
    Iterator(const char* bytes, const std::uint16_t* end) : bytes_(bytes), end_(end) {}
    std::string_view operator*() const { return {bytes_ + begin_, *end_ - begin_}; }
    Iterator& operator++() {
      begin_ = *end_++ + std::size_t{1};
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& other) const { return end_ == other.end_; }

   private:
    const char* bytes_ = nullptr;
    const std::uint16_t* end_ = nullptr;
    std::size_t begin_ = 0;
  };

  Lines() = default;
  Lines(std::string_view payload, const LineEnds& ends) : payload_(payload), ends_(&ends) {}
  Iterator begin() const {
    return size() == 0 ? Iterator() : Iterator(payload_.data(), ends_->offsets.data());
  }
  Iterator end() const {
    return size() == 0 ? Iterator() : Iterator(nullptr, ends_->offsets.data() + ends_->count);
  }
  std::size_t size() const { return ends_ == nullptr ? 0 : ends_->count; }
  /// The datagram without the one trailing NUL that is tolerated.
  std::string_view payload() const { return payload_; }

 private:
  std::string_view payload_;
  const LineEnds* ends_ = nullptr;
};

/// Finds lines, with room for those of one datagram at a time: what split() gives is valid until the next.
class Splitter {
 public:
  explicit Splitter(const LineEndFinder& finder = line_end_finders().front()) : find_(finder.find) {}

  std::expected<Lines, wire::DatagramFault> split(Padded datagram) {
    std::string_view payload = datagram.bytes;
    if (payload.size() > wire::kDatagramLimit) return std::unexpected(wire::DatagramFault::kTooLong);
    if (payload.ends_with('\0')) payload.remove_suffix(1);
    if (!find_({payload}, ends_)) return std::unexpected(wire::DatagramFault::kEmbeddedNul);
    return Lines(payload, ends_);
  }

 private:
  FindLineEnds find_;
  LineEnds ends_;
};

}  // namespace notifyspec::receiver
