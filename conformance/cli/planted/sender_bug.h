// A sender with a bug: the reference sender, but for one step of a call.
//
// The steps below are what a call goes through, in this order; a bug has one of them. Where a bug has none,
// the call is the reference's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/planted/bug.h"
#include "cli/sender_calls.h"
#include "wire/address.h"

namespace notifyspec::cli {

/// The reference's own calls, for a bug that makes other ones of them.
class ReferenceCalls {
 public:
  static SenderCalls::Returned notify(const NotifyCall& call, int child);
  static SenderCalls::Returned barrier(const BarrierCall& call);
  static SenderCalls::Returned reloading(const ReloadingCall& call);
  /// notify() to another place than $NOTIFY_SOCKET names.
  static SenderCalls::Returned notify_at(const wire::UnixAddress& address, const NotifyCall& call, int child);
};

struct SenderBug {
  std::string_view name;
  std::string_view what;

  void (*state)(std::string&) = nullptr;                                    ///< other bytes
  void (*call)(NotifyCall&) = nullptr;                                      ///< another call
  SenderCalls::Returned (*notify)(const NotifyCall&, int child) = nullptr;  ///< other calls, or none
  SenderCalls::Returned (*barrier)(const BarrierCall&) = nullptr;
  SenderCalls::Returned (*reloading)(const ReloadingCall&) = nullptr;
  int (*returned)(int) = nullptr;  ///< of each call
};

std::span<const SenderBug> message_bugs();
std::span<const SenderBug> address_bugs();
std::span<const SenderBug> call_bugs();

/// Of all tables.
std::vector<const SenderBug*> sender_bugs();
/// The bug of that name, or nullptr.
const SenderBug* find_sender_bug(std::string_view name);

/// The reference sender, or one with this bug.
class Sender final : public SenderCalls {
 public:
  explicit Sender(const SenderBug& bug = {}) : bug_(bug) {}

  std::string name() const override;
  std::string version() const override;
  Returned notify(const NotifyCall& call, int child) override;
  Returned barrier(const BarrierCall& call) override;
  Returned reloading(const ReloadingCall& call) override;

 private:
  Returned returned(Returned value) const;

  SenderBug bug_;
};

}  // namespace notifyspec::cli
