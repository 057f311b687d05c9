// A receiver for $NOTIFY_SOCKET on AF_UNIX, to link into a supervisor: many datagrams a system call, each
// with its sender, its fds and its lines.
//
//   auto receiver = NotifyReceiver::bind({.name = "/run/my/notify"});
//   // whenever receiver->fd() is readable, until 0 comes back:
//   receiver->receive([](Delivery& delivery) {
//     if (!delivery.lines) return;  // refused, and counted
//     for (std::string_view line : *delivery.lines)
//       switch (const auto [tag, value] = classify(line); tag) {
//         case Tag::kReady: ...
//       }
//   });
//
// What comes of a line is the caller's: "READY=2" has Tag::kReady and the value "2" (field/value.h tells
// values that are none). Who may speak is the caller's, too: Delivery::sender. After bind() it allocates
// nothing. Move-only; the socket's file goes away with it.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>

#include "os/ancillary.h"
#include "os/arrived_fds.h"
#include "os/batch.h"
#include "os/bound_socket.h"
#include "os/error.h"
#include "os/unique_fd.h"
#include "receiver/lines.h"
#include "receiver/tag.h"
#include "wire/address.h"

namespace notifyspec::receiver {

/// Why a datagram is not looked into. Its fds are closed all the same.
enum class Refusal : std::uint8_t {
  kTooLong,      ///< more than wire::kDatagramLimit bytes
  kEmbeddedNul,  ///< a NUL elsewhere than at the end
  kFdsLost,      ///< the kernel had no room for all fds (MSG_CTRUNC): what is missing is not known
};
inline constexpr std::size_t kRefusalCount = 3;

/// The sender of a datagram that came without credentials: no process, and no user's. bind() asks the kernel
/// for them before anybody can send, so none does, unless somebody takes SO_PASSCRED off the fd; and then it
/// must not look like root.
inline constexpr ucred kNobody = {.pid = 0, .uid = static_cast<uid_t>(-1), .gid = static_cast<gid_t>(-1)};

/// One datagram. Views and fds are valid within the call that it is given to; what is not taken is closed
/// behind it.
struct Delivery {
  std::expected<Lines, Refusal> lines;
  ucred sender;        ///< SCM_CREDENTIALS: the kernel's word, or that of a privileged sender; or kNobody
  os::UniqueFd pidfd;  ///< of the sender, where it was asked for
  os::ArrivedFds fds;
};

/// taken + refused is all that came.
struct ReceiverCounts {
  std::uint64_t taken = 0;
  std::array<std::uint64_t, kRefusalCount> refused = {};  ///< by Refusal
};

class NotifyReceiver {
 public:
  struct Options {
    std::size_t batch = 32;   ///< datagrams a system call; fewer where RLIMIT_NOFILE has no room for all
                              ///< their fds: 1024 has it for 3 (os::raise_fd_limit())
    bool with_pidfd = false;  ///< SO_PASSPIDFD: a receive costs several times as much (bench/README.md)
  };

  /// Errors as os::bind_socket() has them; ENOPROTOOPT where pidfds are asked of a kernel before 6.5.
  static std::expected<NotifyReceiver, os::OsError> bind(const wire::UnixAddress& address,
                                                         const Options& options);
  static std::expected<NotifyReceiver, os::OsError> bind(const wire::UnixAddress& address) {
    return bind(address, Options());
  }

  /// Not blocking. Readable when something waits.
  int fd() const { return socket_.fd.get(); }

  /// Calls `take(Delivery&)` for each datagram of one batch, and says how many there were; 0 where none
  /// waits.
  template <typename Take>
  std::expected<std::size_t, os::OsError> receive(Take&& take) {
    const auto count = work_->batch.receive(fd(), work_->batch.capacity());
    if (!count) return std::unexpected(count.error());
    Unread unread = {work_->batch, 0, *count};
    while (unread.next < unread.end) {
      Delivery delivery = open(unread.next++);
      take(delivery);
    }
    return *count;
  }

  const ReceiverCounts& counts() const { return counts_; }

 private:
  /// What is left of a batch when `take` throws: its fds are closed.
  struct Unread {
    os::Batch& batch;
    std::size_t next, end;
    ~Unread() {
      while (next < end) os::take_ancillary(batch.header(next++));
    }
  };
  struct Work {
    os::Batch batch;
    Splitter splitter;
  };

  NotifyReceiver(os::BoundSocket socket, std::size_t batch);
  Delivery open(std::size_t place);
  std::expected<Lines, Refusal> read(std::size_t place);

  os::BoundSocket socket_;
  std::unique_ptr<Work> work_;  // lines point into it, so it does not move with the receiver
  ReceiverCounts counts_;
};

// In the header, so that they stand in the caller's loop: nothing of a delivery is copied.

inline std::expected<Lines, Refusal> NotifyReceiver::read(std::size_t place) {
  const int flags = work_->batch.header(place).msg_flags;
  if ((flags & MSG_CTRUNC) != 0) return std::unexpected(Refusal::kFdsLost);
  if ((flags & MSG_TRUNC) != 0) return std::unexpected(Refusal::kTooLong);
  const auto lines = work_->splitter.split({work_->batch.bytes(place)});
  if (!lines)
    return std::unexpected(lines.error() == wire::DatagramFault::kTooLong ? Refusal::kTooLong
                                                                          : Refusal::kEmbeddedNul);
  return *lines;
}

inline Delivery NotifyReceiver::open(std::size_t place) {
  const os::Controls controls = os::read_controls(work_->batch.header(place));
  Delivery delivery = {.lines = read(place),
                       .sender = controls.sender.value_or(kNobody),
                       .pidfd = os::UniqueFd(controls.pidfd.value_or(-1)),
                       .fds = os::ArrivedFds(controls.fds)};
  if (delivery.lines) {
    ++counts_.taken;
  } else {
    ++counts_.refused[static_cast<std::size_t>(delivery.lines.error())];
  }
  return delivery;
}

}  // namespace notifyspec::receiver
