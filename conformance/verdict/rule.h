// The rule: what decides whether one requirement is met in one trace.
//
// A rule looks at every step that it asked for, keeps what it must (never the trace), and concludes once at
// the end. It judges its own sentence alone: where what the sentence speaks of never happened it is
// kNotApplicable, so that one fault fails one requirement, and those that it entails. Level, version and
// profile are the judge's business.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/boot.h"

namespace notifyspec::verdict {

enum class Outcome { kMet, kNotMet, kNotApplicable, kInconclusive };

struct Finding {
  Outcome outcome = Outcome::kMet;
  std::string expected;  ///< one sentence
  std::string seen;      ///< one sentence: what the trace shows, or why nothing can be said
  std::vector<std::size_t> lines;
};

Finding met(std::string expected, std::string seen, std::vector<std::size_t> lines = {});
Finding not_met(std::string expected, std::string seen, std::vector<std::size_t> lines = {});
Finding not_applicable(std::string reason);
Finding inconclusive(std::string reason);

/// Lines that carry a verdict: the first few, and how many there were.
class Lines {
 public:
  static constexpr std::size_t kMost = 8;

  void add(std::size_t line);
  std::size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  const std::vector<std::size_t>& first() const { return first_; }

 private:
  std::vector<std::size_t> first_;
  std::size_t count_ = 0;
};

class Rule {
 public:
  Rule() = default;
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;
  virtual ~Rule() = default;

  /// Messages of the manager that have one of these fields are shown to see(); and with kEveryMessage, all.
  virtual model::FieldMask interest() const { return 0; }
  /// Whether see() is shown the messages of others than the manager, too: Step::stranger.
  virtual bool hears_strangers() const { return false; }
  /// One message that it asked for, any action, any observation, any phase.
  virtual void see(const model::Step& step) = 0;
  virtual Finding conclude(const model::Boot& boot) const = 0;
};

inline constexpr model::FieldMask kEveryMessage = ~model::FieldMask{0};

/// `text` in quotes, cut where it is long, control characters and other bytes than ASCII made visible.
std::string quoted(std::string_view text);

}  // namespace notifyspec::verdict
