// The passage: what became, behind a proxy, of the messages that went into it.
//
// Rule: messages are compared as bytes, and where those differ, by their lines. A line that comes out and
// went in nowhere is the proxy's own; where it has the name of a line that went in and did not come out, it
// stands in its place. Which of this is right is not said here.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/trace.h"

namespace notifyspec::verdict {

enum class Fate {
  kWhole,      ///< its bytes came out, as one message
  kRewritten,  ///< some of it came out, or all of it in another form
  kMerged,     ///< some of it came out, in one message with lines of another
  kDropped,    ///< nothing of it came out
};

/// "whole", "rewritten", "merged", "dropped".
std::string_view name(Fate fate);

struct Passed {
  Fate fate = Fate::kDropped;
  std::vector<std::size_t> out;  ///< which messages hold lines of it
};

/// How an assignment came through.
enum class Way { kThrough, kReplaced, kDropped };

/// "through", "replaced", "dropped".
std::string_view name(Way way);

struct FieldPassage {
  std::string name;
  Way way = Way::kDropped;
  std::string became;  ///< the line in its place
};

struct Passage {
  std::vector<Passed> in;            ///< one a message that went in
  std::vector<FieldPassage> fields;  ///< one an assignment that went in
  std::vector<std::string> added;    ///< lines of the proxy's own
  bool in_order = true;              ///< what came out kept the order of what went in
};

Passage compare(std::span<const wire::Message> in, std::span<const wire::Message> out);

}  // namespace notifyspec::verdict
