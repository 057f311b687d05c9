// Invariant: each way in which a receiver finds lines, and its hash of names, give what the plain stages
// give, whatever stands behind the message in its buffer.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heap.h"
#include "invariant.h"
#include "receiver/lines.h"
#include "receiver/tag.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

using namespace notifyspec;

namespace {

void check_tag(std::string_view line, const wire::Assignment& plain) {
  const receiver::Tagged tagged = receiver::classify(line);
  const field::Field* const field = plain.assigned ? field::find(plain.name) : nullptr;
  require((field == nullptr) == (tagged.tag == receiver::Tag::kUnknown),
          "a name is known to both or to none");
  if (field == nullptr) return;
  require(&receiver::field_of(tagged.tag) == field, "the field is the same");
  require(tagged.value == plain.value, "the value is the same");
}

void check(receiver::Splitter& splitter, std::string_view datagram, char behind) {
  std::string room(datagram);
  room.resize(datagram.size() + receiver::kPadding, behind);
  const auto lines = splitter.split({std::string_view(room).substr(0, datagram.size())});
  const auto payload = wire::payload(datagram);
  require(lines.has_value() == payload.has_value(), "what is refused is refused by both");
  if (!lines) {
    require(lines.error() == payload.error(), "the reason is the same");
    return;
  }
  auto line = lines->begin();
  for (const wire::Assignment& plain : wire::split_assignments(*payload)) {
    require(line != lines->end(), "no line is lost");
    require(*line == plain.line, "the line is the same");
    check_tag(*line, plain);
    ++line;
  }
  require(line == lines->end(), "no line is made up");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  static std::vector<receiver::Splitter> splitters = [] {
    std::vector<receiver::Splitter> all;
    for (const auto& finder : receiver::line_end_finders()) all.emplace_back(finder);
    return all;
  }();
  const std::string_view datagram(reinterpret_cast<const char*>(data), size);
  for (receiver::Splitter& splitter : splitters)
    for (const char behind : {'\0', '\n', '='}) check(splitter, datagram, behind);
  return 0;
}
