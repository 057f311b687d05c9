// Rules about the credential vmm.notify_socket: that READY=1 reaches the address in it, and that a credential
// which leads nowhere does no harm.
//
// Rule: where nothing can arrive, the booted system was asked itself: observation "booted". Over which socket
// type the messages come is a sender's matter (sender_rules.h).
#pragma once

#include <optional>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// READY=1 arrives at an AF_VSOCK address, where the text promises a socket type that the device carries.
class ReadyOverVsock final : public Rule {
 public:
  void see(const model::Step&) override {}
  Finding conclude(const model::Boot& boot) const override;
};

/// READY=1 arrives at an AF_UNIX address inside the machine: observation "notify-unix".
class ReadyOverUnix final : public Rule {
 public:
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::optional<std::size_t> ready_;
  std::size_t n_messages_ = 0;
};

/// The system boots all the same.
class BootsAllTheSame final : public Rule {
 public:
  enum class Credential { kMissing, kMalformed, kUndeliverable };

  explicit BootsAllTheSame(Credential which) : which_(which) {}
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  bool applies(const model::Boot& boot) const;

  Credential which_;
  std::optional<std::size_t> booted_;
};

}  // namespace notifyspec::verdict
