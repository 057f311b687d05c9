// Reads an event line member by member: which are known, of the right type, there once, and belong to its
// kind.
//
// Rules: fixtures/README.md, "Events". Knows nothing of JSON's syntax: whoever reads that calls it (SAX).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "wire/json_text.h"
#include "wire/trace.h"
#include "wire/trace_member.h"

namespace notifyspec::wire {

/// The members of one line on their way to an event. The public functions that take a piece of JSON are those
/// that nlohmann::json and scan_flat_object() call; each is false once the line is refused.
class EventReader {
 public:
  /// Takes the text buffer of `event`, so that a long trace costs no allocation for each line.
  explicit EventReader(Event& event, EventForm form = EventForm::kTraceLine) : form_(form) {
    if (auto* const message = std::get_if<Message>(&event.body)) texts_[kData].swap(message->data);
  }

  bool null() { return refuse_type(); }
  bool binary(nlohmann::json::binary_t&) { return refuse_type(); }
  bool boolean(bool value) { return expects(MemberType::kTrue) && value ? take() : refuse_type(); }
  bool number_integer(std::int64_t) { return refuse_type(); }  // called for negative ones only
  bool number_unsigned(std::uint64_t number);
  bool number_float(double number, std::string_view);
  bool string(std::string_view text);
  bool start_object(std::size_t) { return depth_++ == 0 || refuse_type(); }
  bool end_object() { return true; }
  bool start_array(std::size_t) { return refuse_type(); }
  bool end_array() { return true; }
  bool key(std::string_view name);
  bool parse_error(std::size_t byte, std::string_view, const std::exception& error) {
    return refuse(describe_syntax_error(byte, error.what()));
  }

  /// The event that was read, in place of `event`.
  std::expected<void, TraceError> finish(Event& event);
  const std::string& reason() const { return reason_; }
  std::optional<std::int64_t> monotonic_usec() const { return number(kMonotonicUsec); }
  std::optional<std::int64_t> age_usec() const { return number(kAgeUsec); }

 private:
  bool has(MemberPlace place) const { return (seen_ & bit(place)) != 0; }
  bool expects(MemberType type) const { return depth_ == 1 && kMembers[place_].type == type; }
  bool take() {
    seen_ |= bit(place_);
    return true;
  }
  bool refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  bool refuse_type();
  bool is_known(MemberPlace place) const {
    return form_ == EventForm::kTraceLine ? place != kMonotonicUsec && place != kAgeUsec : place != kT;
  }
  const KindRow* check_members();
  bool fill(Message& message);
  bool fill(Phase& phase);
  std::optional<std::int64_t> number(MemberPlace place) const {
    return has(place) ? std::optional(numbers_[place]) : std::nullopt;
  }
  std::optional<std::uint32_t> number32(MemberPlace place) const {
    return has(place) ? std::optional(static_cast<std::uint32_t>(numbers_[place])) : std::nullopt;
  }

  EventForm form_;
  int depth_ = 0;
  MemberPlace place_ = kT;  ///< of the member whose value comes next
  unsigned seen_ = 0;
  std::array<std::int64_t, kMemberCount> numbers_;  // NOLINT: read only where seen_ says so
  std::array<std::string, kMemberCount> texts_;
  std::string reason_;
};

}  // namespace notifyspec::wire
