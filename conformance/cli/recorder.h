// The recorder: what arrives on notify sockets and on the control socket, as the events of a trace, in order
// of t.
//
// Several sockets are emptied one after the other, so an event that is read first need not have happened
// first. Events are held back until every socket has been emptied after they happened. Does not know files or
// JSON: it hands on batches. Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/clock.h"
#include "os/error.h"
#include "os/notify_socket.h"
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
  std::size_t refused = 0;    ///< control datagrams
  std::size_t truncated = 0;  ///< messages of which the kernel cut something
  bool late = false;          ///< an event was told after a later one had been handed on
};

class Recorder {
 public:
  /// Takes a batch of events, ordered by t; an error ends the recording.
  using Take = std::function<std::expected<void, os::OsError>(std::span<const wire::Event>)>;
  /// Hears of a control datagram that is refused: pid of its sender, and why.
  using Refuse = std::function<void(std::int64_t pid, std::string_view reason)>;

  Recorder(std::int64_t t0_usec, std::vector<os::NotifySocket> sockets,
           std::optional<os::NotifySocket> control);

  /// Records until somebody asks to end, a limit is reached, or standard input, where it is a pipe, ends;
  /// what was sent until then is in it.
  std::expected<void, os::OsError> run(const os::Termination& termination, const RecorderLimits& limits,
                                       const Take& take, const Refuse& refuse);

  const RecorderCounts& counts() const { return counts_; }

 private:
  std::expected<void, os::OsError> wait(const os::Termination& termination,
                                        const RecorderLimits& limits) const;
  bool is_over(const os::Termination& termination, const RecorderLimits& limits) const;
  /// Reads from every socket all that was sent until `until_usec`.
  std::expected<void, os::OsError> drain(std::int64_t until_usec, const RecorderLimits& limits,
                                         const Refuse& refuse);
  std::expected<void, os::OsError> drain_messages(os::NotifySocket& socket, std::int64_t until_usec,
                                                  const RecorderLimits& limits);
  std::expected<void, os::OsError> drain_control(std::int64_t until_usec, const Refuse& refuse);
  void add_message(const os::Arrival& arrival);
  void add_control(const os::Arrival& arrival, const Refuse& refuse);
  /// Hands on what happened until `until_usec`.
  std::expected<void, os::OsError> hand_on(std::int64_t until_usec, const Take& take);
  std::size_t room(const RecorderLimits& limits) const;

  std::int64_t t0_usec_;
  std::vector<os::NotifySocket> sockets_;
  std::optional<os::NotifySocket> control_;
  os::WallClock clock_;
  bool lifeline_;
  std::vector<wire::Event> pending_;
  std::int64_t handed_on_usec_ = 0;  ///< t of the latest event that was handed on
  RecorderCounts counts_;
};

}  // namespace notifyspec::cli
