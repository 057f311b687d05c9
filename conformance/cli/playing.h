// The playing of one vector: its steps put before a receiver, one after the other, and its fds watched.
//
// Rule: it never waits for the receiver by itself. Where the receiver must do something first, it pauses and
// says for what; whoever knows how the receiver is driven sees to that, and lets it go on.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "cli/cast.h"
#include "os/error.h"
#include "os/socket_address.h"
#include "os/watched_pipes.h"
#include "verdict/vector.h"

namespace notifyspec::cli {

enum class Pause {
  kNone,     ///< all steps are done
  kBarrier,  ///< the receiver must process what it was sent; then say what became of the fds: await_barrier()
  kFull,     ///< the receiver must read what it was sent: its queue is full
  kReload,   ///< the service is to be asked to reload
};

/// "done", "barrier", "full", "reload".
std::string_view name(Pause pause);

class Playing {
 public:
  /// `vector` and `cast` must live as long. `may_block`: the receiver reads by itself, so that a send may
  /// wait.
  Playing(const verdict::Vector& vector, Cast& cast, const os::SocketAddress& to, bool may_block)
      : vector_(vector), cast_(cast), to_(to), may_block_(may_block) {}

  /// Plays on to the next pause.
  std::expected<Pause, os::OsError> go_on();

  /// After a pause for a barrier: waits until `deadline_usec` for its fds to be closed.
  void await_barrier(std::int64_t deadline_usec);

  /// Waits until the receiver holds no fd, or until `deadline_usec`.
  void await_fds(std::int64_t deadline_usec) const { (void)pipes_.await_closed(0, deadline_usec); }

  /// "closed" or "open" for each barrier so far.
  const std::string& barriers() const { return barriers_; }
  /// How many datagrams the receiver has got.
  std::size_t n_sent() const { return n_sent_; }
  /// How many fds the receiver holds.
  std::size_t fds_open() const { return pipes_.open(); }

 private:
  std::expected<Pause, os::OsError> send(const verdict::Datagram& datagram);
  std::string substituted(const verdict::Datagram& datagram) const;

  const verdict::Vector& vector_;
  Cast& cast_;
  os::SocketAddress to_;
  bool may_block_;
  std::size_t step_ = 0;
  std::size_t repeated_ = 0;  ///< of this step
  std::size_t n_sent_ = 0;
  std::size_t barrier_from_ = 0;
  os::WatchedPipes pipes_;
  std::string barriers_;
};

}  // namespace notifyspec::cli
