// Rules about a half-close: the sender ends its direction and waits for the other one to end. The device must
// carry the first, the receiver does the second.
//
// Rule: what a sender sees alone does not say who failed. A message over a stream is whole only once its end
// was carried: where it was recorded well before the sender lost patience, the device did its part. A packet
// of SOCK_SEQPACKET is whole without it, so there the device is blamed for nothing, and the receiver only
// where the device is not known to keep half-closes to itself.
#pragma once

#include <optional>

#include "verdict/exam_rule.h"

namespace notifyspec::verdict {

class HalfCloseRule : public ExamRule {
 protected:
  HalfCloseRule() : ExamRule({"half-close", "half-close-stream"}) {}

  enum class Stream { kNotPut, kCarried, kNotCarried };

  /// What the case over a stream says of the device.
  Stream stream() const;
  const Answer* packet_answer() const { return answer("half-close"); }
  const Answer* stream_answer() const { return answer("half-close-stream"); }

 private:
  void hear(const model::ExamMessage& message, const model::Step& step) final;

  std::optional<std::int64_t> whole_usec_;  ///< when the message over the stream was recorded, whole
};

/// The device tells the receiver that the sender has ended its direction, and leaves the other one open.
class HalfCloseCarried final : public HalfCloseRule {
 public:
  Finding conclude(const model::Boot& boot) const override;
};

/// The receiver closes once the sender has ended its direction, and sends nothing back.
class ClosesAfterEof final : public HalfCloseRule {
 public:
  Finding conclude(const model::Boot& boot) const override;
};

}  // namespace notifyspec::verdict
