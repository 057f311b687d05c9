// The trace: what happened between a manager and its supervisor, one JSON object a line.
//
// The format is written down in fixtures/README.md, section "Traces". A trace holds no verdict. Unknown
// members are refused, by name: a reader that overlooks a member would judge something that did not happen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace notifyspec::wire {

inline constexpr int kTraceFormat = 1;

/// What the booted system shows of one start transaction, up to the next one.
struct Transaction {
  std::int64_t t_usec = 0;           ///< when it was asked for
  std::string cause;                 ///< "boot", "isolate rescue.target", "halt", ...
  std::vector<std::string> entered;  ///< targets that the system shows as having become active in it
  std::vector<std::string> left;     ///< targets that the system shows as having stopped being active in it
  /// As TraceHeader::targets, closed only over units that had a job in this transaction.
  std::optional<std::map<std::string, std::vector<std::string>>> after = std::nullopt;

  friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// The first line. Where a member is absent, nobody could say.
struct TraceHeader {
  int format = kTraceFormat;
  std::optional<std::string> systemd = {};  ///< version as the distribution spells it: "262-1"
  std::optional<std::string> vantage = {};  ///< container, vm, user
  std::string transport = {};               ///< unix-dgram, vsock-seqpacket, vsock-stream, vsock-dgram
  std::optional<std::string> distribution = {};
  std::string kernel = {};                  ///< release of the running kernel
  std::optional<std::string> machine = {};  ///< what the system under test ran on: "qemu 7.2.22, tcg, ..."
  std::optional<std::string> scenario = {};
  std::string recorded = {};           ///< date, YYYY-MM-DD
  std::int64_t t0_monotonic_usec = 0;  ///< CLOCK_MONOTONIC at t = 0, microseconds
  /// The manager's pid as the recorder sees it; absent on vsock.
  std::optional<std::int64_t> manager_pid = {};
  std::optional<std::string> hostname = {};    ///< what the booted system says
  std::optional<std::string> machine_id = {};  ///< what the booted system says
  /// Each target of the system with the targets that it is After=, transitively over all units that had a job
  /// in the boot: a unit that is not started orders nobody.
  std::optional<std::map<std::string, std::vector<std::string>>> targets = {};
  std::optional<std::vector<Transaction>> transactions = {};
  std::vector<std::string> planted = {};  ///< what was added to the system under test to see more of it
  std::vector<std::string> masked = {};   ///< units that were masked in the system under test

  friend bool operator==(const TraceHeader&, const TraceHeader&) = default;
};

struct Message {
  std::string data;  ///< the datagram's bytes, whatever they are
  std::optional<std::int64_t> pid = {}, uid = {}, gid = {};
  std::int64_t fds = 0;    ///< how many came with it
  bool truncated = false;  ///< the kernel cut data or control data
  std::optional<std::uint32_t> peer_cid = {}, peer_port = {};
  /// dgram, seqpacket, stream; on vsock, and on AF_UNIX where the socket has connections
  std::optional<std::string> socket_type = {};
  /// Which connection of the recording carried it: from 0, in the order of acceptance over all sockets.
  std::optional<std::int64_t> connection = {};

  friend bool operator==(const Message&, const Message&) = default;
};

/// Something that the harness did.
struct Action {
  std::string action;
  std::optional<std::string> argument = {};

  friend bool operator==(const Action&, const Action&) = default;
};

enum class PhaseName { kStarted, kReady, kShuttingDown, kGone };

/// A phase of the system under test, as the harness saw it.
struct Phase {
  PhaseName phase = PhaseName::kStarted;

  friend bool operator==(const Phase&, const Phase&) = default;
};

/// Something that the system under test was seen to say or do beside its messages.
struct Observation {
  std::string subject;
  std::string value;

  friend bool operator==(const Observation&, const Observation&) = default;
};

struct Event {
  std::int64_t t_usec = 0;  ///< microseconds since t0; the line holds seconds
  std::variant<Message, Action, Phase, Observation> body;

  friend bool operator==(const Event&, const Event&) = default;
};

/// What is wrong with a line of a trace; who reads the file adds file and line number.
struct TraceError {
  std::string reason;
};

std::expected<TraceHeader, TraceError> parse_header(std::string_view line);

/// Reads one event line into `event`, whose buffers are used again: a long trace costs no allocation per line
/// beyond its longest message.
std::expected<void, TraceError> parse_event(std::string_view line, Event& event);

/// The same by way of the JSON library alone: plain and slower, the reference that parse_event() is tested
/// against.
std::expected<void, TraceError> parse_event_by_library(std::string_view line, Event& event);

/// One line each, without a newline; members in the order of fixtures/README.md.
std::string format_header(const TraceHeader& header);
std::string format_event(const Event& event);

}  // namespace notifyspec::wire
