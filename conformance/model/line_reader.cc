#include "model/line_reader.h"

#include <algorithm>

namespace notifyspec::model {
namespace {

/// Whether the last backslash has nothing after it to take the meaning from.
bool has_dangling_escape(std::string_view payload) {
  const std::size_t last_other = payload.find_last_not_of('\\');
  const std::size_t backslashes =
      payload.size() - (last_other + 1);  // npos + 1 is 0: nothing but backslashes
  return backslashes % 2 == 1;
}

}  // namespace

// Both are rare: a datagram without them is split at newlines alone, which costs no look at each byte.
LineReader::LineReader(std::string_view payload, const Profile& profile)
    : payload_(payload),
      carriage_return_(profile.has(Quirk::kCarriageReturn) && payload.find('\r') != std::string_view::npos),
      escape_(profile.has(Quirk::kEscape) && payload.find('\\') != std::string_view::npos),
      broken_(escape_ && (has_dangling_escape(payload) || payload.size() > unescaped_.size())) {}

std::size_t LineReader::end_of_plain_line() const {
  if (!carriage_return_) return std::min(payload_.find('\n', next_), payload_.size());
  return std::min(payload_.find_first_of("\n\r", next_), payload_.size());
}

std::string_view LineReader::take_escaped_line() {
  const std::size_t begin = used_;
  while (next_ < payload_.size() && !ends_line(payload_[next_])) {
    if (payload_[next_] == '\\') ++next_;
    unescaped_[used_++] = payload_[next_++];
  }
  return {unescaped_.data() + begin, used_ - begin};
}

bool LineReader::next(wire::Assignment& line) {
  if (broken_) return false;
  while (next_ < payload_.size() && ends_line(payload_[next_])) ++next_;
  if (next_ == payload_.size()) return false;
  const std::size_t offset = next_;
  if (escape_) {
    line = wire::read_assignment(take_escaped_line(), offset);
    return true;
  }
  next_ = end_of_plain_line();
  line = wire::read_assignment(payload_.substr(offset, next_ - offset), offset);
  return true;
}

}  // namespace notifyspec::model
