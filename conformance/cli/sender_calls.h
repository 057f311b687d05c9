// The calls of a sender vector: what a step says, and who makes them.
//
// Reads steps from JSON. Whatever it does not know is a reason not to make the call, never a guess.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace notifyspec::cli {

struct NotifyCall {
  std::string state;
  std::size_t fds = 0;
  bool unset_environment = false;
  bool for_child = false;  ///< on behalf of a process that the caller has forked
};

struct BarrierCall {
  std::optional<std::uint64_t> timeout_usec;  ///< nothing: none
  bool unset_environment = false;
};

/// The message that a reload begins with, made by the sender itself.
struct ReloadingCall {
  bool unset_environment = false;
};

using SenderCall = std::variant<NotifyCall, BarrierCall, ReloadingCall>;

/// A sentence on what is unknown, or wrong.
std::expected<std::vector<SenderCall>, std::string> parse_sender_calls(const nlohmann::ordered_json& steps);

/// An implementation of the sender's side. Each call gives what sd_notify(3) has under "Return Value", or why
/// this implementation cannot make it.
class SenderCalls {
 public:
  using Returned = std::expected<int, std::string>;

  SenderCalls() = default;
  SenderCalls(const SenderCalls&) = delete;
  SenderCalls& operator=(const SenderCalls&) = delete;
  virtual ~SenderCalls() = default;

  virtual std::string name() const = 0;
  virtual std::string version() const = 0;

  /// `child`: on whose behalf, or 0.
  virtual Returned notify(const NotifyCall& call, int child) = 0;
  virtual Returned barrier(const BarrierCall& call) = 0;
  virtual Returned reloading(const ReloadingCall& call) = 0;
};

}  // namespace notifyspec::cli
