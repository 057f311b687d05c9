// The exam rule: what the rules for receivers and devices share. They look at the messages of a program that
// is planted in a machine, and at what it says of each case.
//
// Rule: a case that was not put says nothing; nor does one that asks for a socket type that the device does
// not offer, nor one that ended because the other side did not close, which is the question of another case.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/exam.h"
#include "verdict/rule.h"

namespace notifyspec::verdict {

class ExamRule : public Rule {
 public:
  bool hears_strangers() const final { return true; }
  void see(const model::Step& step) final;

 protected:
  /// What the planted program said of one case, with the time and line of it.
  struct Answer {
    std::string outcome, rest;
    std::int64_t t_usec = 0;
    std::size_t line = 0;

    /// How many were sent, where it says "sent".
    std::optional<std::uint64_t> sent() const;
  };

  /// Why a case cannot be judged, or does not go well, before a rule has looked at its messages.
  struct Trouble {
    Outcome outcome;
    std::string seen;
    std::vector<std::size_t> lines;
  };

  explicit ExamRule(std::initializer_list<std::string_view> names);

  /// One message of one of the cases.
  virtual void hear(const model::ExamMessage& message, const model::Step& step) = 0;

  /// The answer on `name`, which is one of the cases.
  const Answer* answer(std::string_view name) const;
  /// Nothing where the planted program sent what the case wants sent.
  std::optional<Trouble> trouble(std::string_view name, const model::Boot& boot) const;

 private:
  struct Case {
    std::string_view name;
    std::optional<Answer> answer;
  };

  std::vector<Case> cases_;
};

/// Whether an error of connect() or socket() says that the device does not carry the socket type.
bool is_no_such_type(std::string_view errno_name);

}  // namespace notifyspec::verdict
