// Rules about a receiver over AF_VSOCK: that it takes each message, joins what a stream brings in pieces,
// lets no peer hold up another, and does not take anybody's word for the manager's.
//
// What a receiver makes of a message is what it recorded. Closing is in half_close_rules.h.
#pragma once

#include <cstdint>
#include <optional>

#include "verdict/exam_rule.h"

namespace notifyspec::verdict {

/// Of connections that are open at the same time, each brings its message, once.
class AcceptsEachMessage final : public ExamRule {
 public:
  AcceptsEachMessage() : ExamRule({"each"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const model::ExamMessage& message, const model::Step& step) override;

  std::uint64_t arrived_ = 0;  ///< bit N for sequence number N
  Lines once_, again_;
};

/// What a stream brings in several segments up to its end is one message.
class JoinsSegments final : public ExamRule {
 public:
  JoinsSegments() : ExamRule({"segments"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const model::ExamMessage& message, const model::Step& step) override;

  Lines whole_, piece_;
};

/// A peer that sends something and stays holds up nobody else.
class StalledPeerBlocksNobody final : public ExamRule {
 public:
  StalledPeerBlocksNobody() : ExamRule({"stalled"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const model::ExamMessage&, const model::Step&) override {}
};

/// READY=1 from a port that is open to all does not make the system ready: phase "ready".
class DistrustsUnprivilegedPort final : public Rule {
 public:
  DistrustsUnprivilegedPort();
  model::FieldMask interest() const override { return ready_; }
  bool hears_strangers() const override { return true; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  model::FieldMask ready_;
  bool manager_ready_ = false;  ///< the manager has said so in this boot
  bool too_late_ = false;       ///< the stranger spoke only once it had
  std::optional<std::size_t> stranger_, believed_;
};

}  // namespace notifyspec::verdict
