// Rules about a manager as sender over AF_VSOCK: which socket type it takes, from which port and over how
// many connections.
//
// Source: sd_notify(3), Description, and systemd(1), System Credentials. Whether anything arrives at all is
// the credential's matter (credential_rules.h).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "verdict/rule.h"

namespace notifyspec::verdict {

/// What the rules on socket types share: the first message of the manager over each.
class SocketTypeRule : public Rule {
 public:
  model::FieldMask interest() const override { return kEveryMessage; }
  void see(const model::Step& step) final;

 protected:
  /// Line of the first message over `type`.
  std::optional<std::size_t> over(wire::SocketType type) const;
  /// Type and line of the first message over another type than `type`.
  std::optional<std::pair<std::string, std::size_t>> over_another_than(wire::SocketType type) const;
  /// Whether there was time for a message to come.
  static bool had_time(const model::Boot& boot);

 private:
  std::map<std::string, std::size_t, std::less<>> first_;  ///< by socket type
};

/// A type that the address forces is the only one that messages come over.
class TypeForced final : public SocketTypeRule {
 public:
  Finding conclude(const model::Boot& boot) const override;
};

/// An address without a type is spoken to over SOCK_SEQPACKET where the device carries it.
class FallsBackToSeqpacket final : public SocketTypeRule {
 public:
  Finding conclude(const model::Boot& boot) const override;
};

/// An address without a type is not spoken to over SOCK_STREAM, even where the device carries nothing else.
class FallbackEndsBeforeStream final : public SocketTypeRule {
 public:
  Finding conclude(const model::Boot& boot) const override;
};

/// What only a manager says comes from a port below 1024.
class PrivilegedPort final : public Rule {
 public:
  model::FieldMask interest() const override { return kEveryMessage; }
  bool hears_strangers() const override { return true; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  Lines privileged_;
  Lines forged_;   ///< from a port that is open to all, with a field that only a manager sends
  Lines unknown_;  ///< from such a port, and neither that nor the exam's
};

/// No two messages of the manager come over the same connection.
class ConnectionOfItsOwn final : public Rule {
 public:
  model::FieldMask interest() const override { return kEveryMessage; }
  void see(const model::Step& step) override;
  Finding conclude(const model::Boot& boot) const override;

 private:
  std::array<std::int64_t, 64> latest_{};  ///< connections of the latest messages
  std::size_t n_messages_ = 0;
  Lines shared_;
};

}  // namespace notifyspec::verdict
