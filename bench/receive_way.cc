#include "receive_way.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include "keep.h"
#include "known.h"
#include "os/batch.h"
#include "os/bound_socket.h"
#include "os/message.h"
#include "receiver/notify_receiver.h"
#include "split_way.h"
#include "unfit.h"
#include "wire/endpoint.h"

namespace notifyspec::bench {
namespace {

template <typename T>
T value_of(std::expected<T, os::OsError> made) {
  if (made) return std::move(*made);
  if (made.error().code == ENOPROTOOPT) throw Unfit("this kernel: " + made.error().reason);
  throw std::runtime_error(made.error().reason);
}

os::BoundSocket bound(const wire::UnixAddress& address, std::initializer_list<int> options) {
  return value_of(os::bind_socket(wire::UnixEndpoint{.address = address}, options));
}

/// Receives, splits, classifies.
class ByNotifyReceiver final : public ReceiveWay {
 public:
  ByNotifyReceiver(const wire::UnixAddress& address, const receiver::NotifyReceiver::Options& options)
      : receiver_(value_of(receiver::NotifyReceiver::bind(address, options))) {}

  void receive(Seen& seen) override {
    seen.datagrams += value_of(receiver_.receive([&seen](receiver::Delivery& delivery) {
      if (!delivery.lines) return;
      for (const std::string_view line : *delivery.lines) {
        ++seen.lines;
        seen.known += is_known_by_tag(line) ? 1 : 0;
      }
    }));
  }

 private:
  receiver::NotifyReceiver receiver_;
};

void close_all(const os::Controls& controls) {
  if (controls.pidfd) ::close(*controls.pidfd);
  for (const int fd : controls.fds) ::close(fd);
}

/// recvmmsg() into the same buffers, with the same controls, whose fds are closed; no look at the bytes, or
/// one.
template <bool kWithLook>
class Floor final : public ReceiveWay {
 public:
  Floor(const wire::UnixAddress& address, std::initializer_list<int> options, std::size_t batch = 32)
      : socket_(bound(address, options)),
        batch_({.count = batch, .length = wire::kDatagramLimit, .spare = receiver::kPadding}) {}

  void receive(Seen& seen) override {
    const std::size_t count = value_of(batch_.receive(socket_.fd.get(), batch_.capacity()));
    for (std::size_t i = 0; i < count; ++i) {
      close_all(os::read_controls(batch_.header(i)));
      if constexpr (kWithLook) keep(std::memchr(batch_.bytes(i).data(), '\0', batch_.bytes(i).size()));
    }
    seen.datagrams += count;
  }

 private:
  os::BoundSocket socket_;
  os::Batch batch_;
};

/// One recvmsg() for each, and an epoll_wait() before it where there is a loop; lines by memchr.
class OneByOne final : public ReceiveWay {
 public:
  struct Shape {
    bool with_epoll = false;
    bool with_split = false;
    bool is_drained = false;  ///< until nothing waits, before it asks epoll again
  };

  OneByOne(const wire::UnixAddress& address, Shape shape, std::initializer_list<int> options)
      : shape_(shape), socket_(bound(address, options)), loop_(::epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event interest = {.events = EPOLLIN, .data = {}};
    ::epoll_ctl(loop_.get(), EPOLL_CTL_ADD, socket_.fd.get(), &interest);
  }

  void receive(Seen& seen) override {
    epoll_event event;
    if (shape_.with_epoll && ::epoll_wait(loop_.get(), &event, 1, -1) != 1) return;
    if (!take(seen)) throw std::runtime_error("nothing waits");
    while (shape_.is_drained && take(seen)) {
    }
  }

 private:
  /// False where nothing waits.
  bool take(Seen& seen) {
    iovec buffer = {.iov_base = bytes_.data(), .iov_len = bytes_.size()};
    msghdr header = {};
    header.msg_iov = &buffer;
    header.msg_iovlen = 1;
    header.msg_control = controls_.bytes.data();
    header.msg_controllen = controls_.bytes.size();
    const ssize_t size = ::recvmsg(socket_.fd.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0) return false;
    close_all(os::read_controls(header));
    ++seen.datagrams;
    if (shape_.with_split && (header.msg_flags & MSG_TRUNC) == 0)
      split({bytes_.data(), static_cast<std::size_t>(size)}, seen);
    return true;
  }

  static void split(std::string_view bytes, Seen& seen) {
    ByMemchr::each(bytes, [&seen](std::string_view line) {
      ++seen.lines;
      seen.known += is_known_by_table(line) ? 1 : 0;
    });
  }

  Shape shape_;
  os::BoundSocket socket_;
  os::UniqueFd loop_;
  std::array<char, wire::kDatagramLimit> bytes_;
  os::ControlBuffer controls_;
};

using Made = std::unique_ptr<ReceiveWay>;
using Address = wire::UnixAddress;
constexpr bool kBlind = true;
constexpr std::size_t kMostFds = 253;  // SCM_MAX_FD (unix(7))

template <bool kWithPidfd, std::size_t kBatch = 32>
Made by_receiver(const Address& here) {
  return std::make_unique<ByNotifyReceiver>(
      here, receiver::NotifyReceiver::Options{.batch = kBatch, .with_pidfd = kWithPidfd});
}

template <std::size_t kBatch, bool kWithLook, int... kOptions>
Made floor_of(const Address& here) {
  return std::make_unique<Floor<kWithLook>>(here, std::initializer_list<int>{kOptions...}, kBatch);
}

/// With an event loop, split and classified.
template <bool kDrained, int... kOptions>
Made loop(const Address& here) {
  constexpr OneByOne::Shape kShape = {.with_epoll = true, .with_split = true, .is_drained = kDrained};
  return std::make_unique<OneByOne>(here, kShape, std::initializer_list<int>{kOptions...});
}

template <bool kWithEpoll, int... kOptions>
Made bare(const Address& here) {
  constexpr OneByOne::Shape kShape = {.with_epoll = kWithEpoll};
  return std::make_unique<OneByOne>(here, kShape, std::initializer_list<int>{kOptions...});
}

}  // namespace

const std::vector<ReceiveWayEntry>& receive_ways() {
  static const std::vector<ReceiveWayEntry> kAll = {
      {"receiver", "recvmmsg() of 32 with SO_PASSCRED, split and classified: this project's receiver",
       by_receiver<false>},
      {"receiver-8", "the same in batches of 8", by_receiver<false, 8>},
      {"receiver-pidfd", "the same in batches of 32, with SO_PASSPIDFD", by_receiver<true>},
      {"receiver-1-fd", "the same without, and one fd, which is closed", by_receiver<false>, 1},
      {"receiver-253-fds", "the same, and 253 fds, which are closed", by_receiver<false>, kMostFds},
      {"floor", "the system calls of \"receiver\" into the same buffers, and no look at the bytes",
       floor_of<32, false, SO_PASSCRED>, 0, kBlind},
      {"floor-one-look", "the same, and one memchr() for a NUL in each", floor_of<32, true, SO_PASSCRED>, 0,
       kBlind},
      {"floor-8", "\"floor\" in batches of 8", floor_of<8, false, SO_PASSCRED>, 0, kBlind},
      {"floor-pidfd", "the same in batches of 32, with SO_PASSPIDFD",
       floor_of<32, false, SO_PASSCRED, os::kPassPidfd>, 0, kBlind},
      {"loop", "epoll_wait() and one recvmsg() for each, SO_PASSCRED, split and classified by memchr()",
       loop<false, SO_PASSCRED>},
      {"loop-pidfd", "the same with SO_PASSPIDFD: the shape of systemd's",
       loop<false, SO_PASSCRED, os::kPassPidfd>},
      {"drained", "epoll_wait() once, and recvmsg() until nothing waits; otherwise as \"loop\"",
       loop<true, SO_PASSCRED>},
      {"bare", "one recvmsg() for each, and nothing beside the bytes", bare<false>, 0, kBlind},
      {"bare-cred", "the same with SO_PASSCRED", bare<false, SO_PASSCRED>, 0, kBlind},
      {"bare-pidfd", "the same with SO_PASSPIDFD", bare<false, os::kPassPidfd>, 0, kBlind},
      {"bare-epoll", "the same after an epoll_wait()", bare<true>, 0, kBlind},
      {"bare-1-fd", "the same with one fd, which is closed", bare<false>, 1, kBlind},
      {"bare-253-fds", "the same with 253 fds, which are closed", bare<false>, kMostFds, kBlind},
  };
  return kAll;
}

const ReceiveWayEntry* find_receive_way(std::string_view name) {
  const auto& all = receive_ways();
  const auto found = std::ranges::find(all, name, &ReceiveWayEntry::name);
  return found == all.end() ? nullptr : &*found;
}

Seen plainly(std::string_view bytes) {
  Seen seen = {.datagrams = 1};
  const auto payload = wire::payload(bytes);
  if (!payload) return seen;
  for (const wire::Assignment& line : wire::split_assignments(*payload)) {
    ++seen.lines;
    seen.known += field::find(line.name) != nullptr ? 1 : 0;
  }
  return seen;
}

wire::UnixAddress fresh_address() {
  static int number = 0;
  return {"notifyspec/bench/" + std::to_string(::getpid()) + "/" + std::to_string(++number), true};
}

Source::Source(const wire::UnixAddress& to, std::size_t n_fds)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      fds_(value_of(os::NullFds::open(n_fds))) {
  const os::SocketAddress name = os::to_socket_address(to);
  if (::connect(socket_.get(), name.get(), name.length) != 0) throw std::runtime_error("cannot connect");
}

void Source::send(std::string_view bytes, std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i)
    if (os::send_message(socket_.get(), nullptr, bytes, fds_.all()) < 0)
      throw std::runtime_error("cannot send: is net.unix.max_dgram_qlen less than the burst?");
}

}  // namespace notifyspec::bench
