// The recorder: what arrives on notify sockets and on control sockets, as the events of a trace, in order of
// t.
//
// Several sockets are emptied one after the other, so an event that is read first need not have happened
// first. Events are held back until every socket has been emptied after they happened. A datagram's time is
// that of its send; a message of a connection, which no kernel stamps, has that of its receipt. Does not know
// files or JSON: it hands on batches. Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/clock.h"
#include "os/error.h"
#include "os/receiver.h"
#include "os/termination.h"
#include "wire/control.h"
#include "wire/trace.h"

namespace notifyspec::cli {

struct RecorderLimits {
  std::optional<std::int64_t> end_usec;  ///< CLOCK_MONOTONIC
  std::optional<std::size_t> max_messages;
};

struct RecorderCounts {
  std::size_t messages = 0;
  std::size_t events = 0;     ///< of every kind, messages too
  std::size_t refused = 0;    ///< control messages
  std::size_t truncated = 0;  ///< messages of which something is missing
  bool late = false;          ///< an event was told after a later one had been handed on
  /// Of the notify sockets that have connections; nothing where none has.
  std::optional<os::ConnectionCounts> connections = {};
};

class Recorder {
 public:
  using Receivers = std::vector<std::unique_ptr<os::Receiver>>;
  /// Takes a batch of events, ordered by t; an error ends the recording.
  using Take = std::function<std::expected<void, os::OsError>(std::span<const wire::Event>)>;
  /// Hears of a control message that is refused, and of a shortage of fds.
  using Complain = std::function<void(std::string_view sentence)>;

  Recorder(std::int64_t t0_usec, Receivers messages, Receivers controls);

  /// Records until somebody asks to end, a limit is reached, or standard input, where it is a pipe, ends;
  /// what was sent until then is in it.
  std::expected<void, os::OsError> run(const os::Termination& termination, const RecorderLimits& limits,
                                       const Take& take, const Complain& complain);

  const RecorderCounts& counts() const { return counts_; }

 private:
  /// Takes what a receiver gives, message by message.
  struct Use;

  std::expected<void, os::OsError> wait(const os::Termination& termination,
                                        const RecorderLimits& limits) const;
  bool is_over(const os::Termination& termination, const RecorderLimits& limits) const;
  /// Reads from every socket all that was sent until `until_usec`, and of connections what is there.
  std::expected<void, os::OsError> drain(std::int64_t until_usec, const Use& messages, const Use& controls);
  /// Reads what is still on the way on connections, and ends them.
  std::expected<void, os::OsError> finish(const Use& use);
  void add_message(os::Arrival& arrival);
  void add_control(const os::Arrival& arrival, const Complain& complain);
  void count_connections(const Complain& complain);
  /// Hands on what happened until `until_usec`.
  std::expected<void, os::OsError> hand_on(std::int64_t until_usec, const Take& take);
  std::size_t room(const RecorderLimits& limits) const;

  std::int64_t t0_usec_;
  Receivers messages_, controls_;
  os::WallClock clock_;
  std::int64_t n_connections_ = 0, n_control_connections_ = 0;
  bool lifeline_;
  std::vector<wire::Event> pending_;
  std::int64_t handed_on_usec_ = 0;  ///< t of the latest event that was handed on
  std::size_t shortages_ = 0;        ///< that were complained of
  RecorderCounts counts_;
};

}  // namespace notifyspec::cli
