#include "wire/assignment.h"

#include <algorithm>

namespace notifyspec::wire {

Assignment read_assignment(std::string_view line, std::size_t offset) {
  const std::size_t equals = line.find('=');
  const bool assigned = equals != std::string_view::npos;
  return {.offset = offset,
          .line = line,
          .name = line.substr(0, equals),
          .value = assigned ? line.substr(equals + 1) : std::string_view(),
          .assigned = assigned};
}

Assignments::Iterator::Iterator(std::string_view payload) : payload_(payload), done_(payload.empty()) {
  if (!done_) read_line();
}

Assignments::Iterator& Assignments::Iterator::operator++() {
  done_ = next_ >= payload_.size();
  if (!done_) read_line();
  return *this;
}

void Assignments::Iterator::read_line() {
  const std::size_t end = std::min(payload_.find('\n', next_), payload_.size());
  current_ = read_assignment(payload_.substr(next_, end - next_), next_);
  next_ = end + 1;
}

}  // namespace notifyspec::wire
