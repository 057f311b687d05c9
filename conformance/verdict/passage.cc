#include "verdict/passage.h"

#include <algorithm>
#include <optional>
#include <set>

#include "wire/assignment.h"

namespace notifyspec::verdict {
namespace {

/// A line that came out, and which message that went in has a claim to it.
struct Line {
  std::size_t message;
  std::string_view line;
  std::string_view name;
  std::optional<std::size_t> of;
  bool replaces = false;  ///< it stands in the place of one of the same name
};

class Comparison {
 public:
  Comparison(std::span<const wire::Message> in, std::span<const wire::Message> out)
      : in_(in), taken_(out.size(), false) {
    passage_.in.resize(in.size());
    for (std::size_t j = 0; j < out.size(); ++j)
      for (const wire::Assignment& each : wire::split_assignments(out[j].data))
        if (!each.line.empty()) lines_.push_back({j, each.line, each.name, {}});
    for (std::size_t i = 0; i < in.size(); ++i) take_whole(i, out);
    for (std::size_t i = 0; i < in.size(); ++i)
      if (passage_.in[i].fate != Fate::kWhole) take_lines(i);
    for (std::size_t i = 0; i < in.size(); ++i) tell_fate(i);
  }

  Passage finish() && {
    for (std::size_t i = 0; i < in_.size(); ++i)
      for (const wire::Assignment& each : wire::split_assignments(in_[i].data))
        if (each.assigned) tell_field(i, each);
    for (const Line& each : lines_)
      if (!each.of && !each.replaces) passage_.added.emplace_back(each.line);
    tell_order();
    return std::move(passage_);
  }

 private:
  void take_whole(std::size_t i, std::span<const wire::Message> out) {
    for (std::size_t j = 0; j < out.size(); ++j) {
      if (taken_[j] || out[j].data != in_[i].data) continue;
      taken_[j] = true;
      passage_.in[i] = {Fate::kWhole, {j}};
      for (Line& line : lines_)
        if (line.message == j) line.of = i;
      return;
    }
  }

  void take_lines(std::size_t i) {
    std::set<std::size_t> found;
    for (const wire::Assignment& each : wire::split_assignments(in_[i].data)) {
      const auto line = std::ranges::find_if(
          lines_, [&](const Line& one) { return !one.of && !each.line.empty() && one.line == each.line; });
      if (line == lines_.end()) continue;
      line->of = i;
      found.insert(line->message);
    }
    passage_.in[i].out.assign(found.begin(), found.end());
  }

  void tell_fate(std::size_t i) {
    Passed& one = passage_.in[i];
    if (one.fate == Fate::kWhole || one.out.empty()) return;
    const bool shared = std::ranges::any_of(lines_, [&](const Line& line) {
      return line.of && *line.of != i && std::ranges::find(one.out, line.message) != one.out.end();
    });
    one.fate = shared ? Fate::kMerged : Fate::kRewritten;
  }

  void tell_field(std::size_t i, const wire::Assignment& field) {
    FieldPassage out{std::string(field.name), Way::kDropped, ""};
    const auto through =
        std::ranges::any_of(lines_, [&](const Line& one) { return one.of == i && one.line == field.line; });
    const auto other = std::ranges::find_if(
        lines_, [&](const Line& one) { return !one.of && !one.replaces && one.name == field.name; });
    if (through) {
      out.way = Way::kThrough;
    } else if (other != lines_.end()) {
      other->replaces = true;
      out.way = Way::kReplaced;
      out.became = other->line;
    }
    passage_.fields.push_back(std::move(out));
  }

  void tell_order() {
    std::size_t last = 0;
    for (const Passed& each : passage_.in) {
      if (each.out.empty()) continue;
      if (each.out.front() < last) passage_.in_order = false;
      last = std::max(last, each.out.front());
    }
  }

  std::span<const wire::Message> in_;
  std::vector<bool> taken_;
  std::vector<Line> lines_;
  Passage passage_;
};

}  // namespace

std::string_view name(Fate fate) {
  switch (fate) {
    case Fate::kWhole:
      return "whole";
    case Fate::kRewritten:
      return "rewritten";
    case Fate::kMerged:
      return "merged";
    case Fate::kDropped:
      return "dropped";
  }
  return "unknown";
}

std::string_view name(Way way) {
  switch (way) {
    case Way::kThrough:
      return "through";
    case Way::kReplaced:
      return "replaced";
    case Way::kDropped:
      return "dropped";
  }
  return "unknown";
}

Passage compare(std::span<const wire::Message> in, std::span<const wire::Message> out) {
  return Comparison(in, out).finish();
}

}  // namespace notifyspec::verdict
