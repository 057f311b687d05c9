// Rules about a vsock device: borders of messages, order, refusal, and the offer of SOCK_SEQPACKET.
//
// Source: virtio 1.2, 5.10. What a device does is seen from both ends: by the program that is planted in the
// machine, and by the recorder on the host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verdict/exam_rule.h"

namespace notifyspec::verdict {

/// Messages over SOCK_SEQPACKET come as they were sent: each whole and alone.
class MessageBoundary final : public ExamRule {
 public:
  MessageBoundary() : ExamRule({"boundary"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const model::ExamMessage& message, const model::Step& step) override;

  Lines whole_, other_, cut_;
  std::string first_;
};

/// Of connections that follow one another, messages arrive in that order, each once.
class OrderAcrossConnections final : public ExamRule {
 public:
  OrderAcrossConnections() : ExamRule({"order", "order-stream"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  struct Series {
    std::uint64_t next = 0;
    std::optional<std::size_t> against;  ///< line of the first message that is not the next one
  };

  void hear(const model::ExamMessage& message, const model::Step& step) override;

  Series packets_, streams_;
};

/// A connection to a port on which nobody listens is refused.
class RefusesUnlistenedPort final : public ExamRule {
 public:
  RefusesUnlistenedPort() : ExamRule({"refused", "refused-seqpacket"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const model::ExamMessage&, const model::Step&) override {}
};

/// Where the device does not offer SOCK_SEQPACKET, no connection of that type comes about.
class SeqpacketNotOffered final : public ExamRule {
 public:
  SeqpacketNotOffered() : ExamRule({"seqpacket-offer", "boundary", "order", "each", "half-close"}) {}
  Finding conclude(const model::Boot& boot) const override;

 private:
  void hear(const model::ExamMessage& message, const model::Step& step) override;

  Lines packets_;
};

}  // namespace notifyspec::verdict
