#include "receive_way.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include "os/ancillary.h"
#include "os/batch.h"
#include "os/bound_socket.h"
#include "os/message.h"
#include "receiver/notify_receiver.h"
#include "split_way.h"
#include "wire/endpoint.h"

namespace notifyspec::bench {
namespace {

template <typename T>
T value_of(std::expected<T, os::OsError> made) {
  if (!made) throw std::runtime_error(made.error().reason);
  return std::move(*made);
}

os::BoundSocket bound(const wire::UnixAddress& address, std::initializer_list<int> options) {
  return value_of(os::bind_socket(wire::UnixEndpoint{.address = address}, options));
}

/// Receives, splits, classifies.
class ByNotifyReceiver final : public ReceiveWay {
 public:
  ByNotifyReceiver(const wire::UnixAddress& address, bool with_pidfd)
      : receiver_(value_of(receiver::NotifyReceiver::bind(address, {.with_pidfd = with_pidfd}))) {}

  void receive(Seen& seen) override {
    seen.datagrams += value_of(receiver_.receive([&seen](receiver::Delivery& delivery) {
      if (!delivery.lines) return;
      for (const std::string_view line : *delivery.lines) {
        ++seen.lines;
        seen.known += receiver::classify(line).tag != receiver::Tag::kUnknown;
      }
    }));
  }

 private:
  receiver::NotifyReceiver receiver_;
};

/// recvmmsg() into the same buffers, with the same controls, whose fds are closed; no look at the bytes.
class Floor final : public ReceiveWay {
 public:
  Floor(const wire::UnixAddress& address, std::initializer_list<int> options, std::size_t batch = 32)
      : socket_(bound(address, options)),
        batch_({.count = batch, .length = wire::kDatagramLimit, .spare = receiver::kPadding}) {}

  void receive(Seen& seen) override {
    const std::size_t count = value_of(batch_.receive(socket_.fd.get(), batch_.capacity()));
    for (std::size_t i = 0; i < count; ++i) close_all(os::read_controls(batch_.header(i)));
    seen.datagrams += count;
  }

  static void close_all(const os::Controls& controls) {
    if (controls.pidfd) ::close(*controls.pidfd);
    for (const int fd : controls.fds) ::close(fd);
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
  };

  OneByOne(const wire::UnixAddress& address, Shape shape, std::initializer_list<int> options)
      : shape_(shape), socket_(bound(address, options)), loop_(::epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event interest = {.events = EPOLLIN, .data = {}};
    ::epoll_ctl(loop_.get(), EPOLL_CTL_ADD, socket_.fd.get(), &interest);
  }

  void receive(Seen& seen) override {
    epoll_event event;
    if (shape_.with_epoll && ::epoll_wait(loop_.get(), &event, 1, -1) != 1) return;
    iovec buffer = {.iov_base = bytes_.data(), .iov_len = bytes_.size()};
    msghdr header = {};
    header.msg_iov = &buffer;
    header.msg_iovlen = 1;
    header.msg_control = controls_.bytes.data();
    header.msg_controllen = controls_.bytes.size();
    const ssize_t size = ::recvmsg(socket_.fd.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0) throw std::runtime_error("nothing waits");
    Floor::close_all(os::read_controls(header));
    ++seen.datagrams;
    if (shape_.with_split) split({bytes_.data(), static_cast<std::size_t>(size)}, seen);
  }

 private:
  static void split(std::string_view bytes, Seen& seen) {
    ByMemchr::each(bytes, [&seen](std::string_view line) {
      ++seen.lines;
      seen.known += field::find(line.substr(0, line.find('='))) != nullptr;
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
constexpr OneByOne::Shape kLoop = {.with_epoll = true, .with_split = true};
constexpr std::size_t kMostFds = 253;  // SCM_MAX_FD (unix(7))

}  // namespace

const std::vector<ReceiveWayEntry>& receive_ways() {
  static const std::vector<ReceiveWayEntry> kAll = {
      {"receiver", "recvmmsg() of 32 with SO_PASSCRED, split and classified: this project's receiver",
       [](const Address& a) -> Made { return std::make_unique<ByNotifyReceiver>(a, false); }},
      {"receiver-pidfd", "the same with SO_PASSPIDFD",
       [](const Address& a) -> Made { return std::make_unique<ByNotifyReceiver>(a, true); }},
      {"floor", "the same system calls into the same buffers, and no look at the bytes",
       [](const Address& a) -> Made {
         return std::make_unique<Floor>(a, std::initializer_list{SO_PASSCRED});
       }},
      {"floor-8", "the same in batches of 8",
       [](const Address& a) -> Made {
         return std::make_unique<Floor>(a, std::initializer_list{SO_PASSCRED}, 8);
       }},
      {"loop", "epoll_wait() and one recvmsg() for each, SO_PASSCRED, split and classified by memchr()",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, kLoop, std::initializer_list{SO_PASSCRED});
       }},
      {"loop-pidfd", "the same with SO_PASSPIDFD: the shape of systemd's",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, kLoop, std::initializer_list{SO_PASSCRED, os::kPassPidfd});
       }},
      {"bare", "one recvmsg() for each, and nothing beside the bytes",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, OneByOne::Shape{}, std::initializer_list<int>{});
       }},
      {"bare-cred", "the same with SO_PASSCRED",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, OneByOne::Shape{}, std::initializer_list{SO_PASSCRED});
       }},
      {"bare-pidfd", "the same with SO_PASSPIDFD",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, OneByOne::Shape{}, std::initializer_list{os::kPassPidfd});
       }},
      {"bare-epoll", "the same after an epoll_wait()",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, OneByOne::Shape{.with_epoll = true},
                                           std::initializer_list<int>{});
       }},
      {"bare-1-fd", "the same with one fd, which is closed",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, OneByOne::Shape{}, std::initializer_list<int>{});
       },
       1},
      {"bare-253-fds", "the same with 253 fds, which are closed",
       [](const Address& a) -> Made {
         return std::make_unique<OneByOne>(a, OneByOne::Shape{}, std::initializer_list<int>{});
       },
       kMostFds},
  };
  return kAll;
}

const ReceiveWayEntry* find_receive_way(std::string_view name) {
  const auto& all = receive_ways();
  const auto found = std::ranges::find(all, name, &ReceiveWayEntry::name);
  return found == all.end() ? nullptr : &*found;
}

wire::UnixAddress fresh_address() {
  static int number = 0;
  return {"notifyspec/bench/" + std::to_string(::getpid()) + "/" + std::to_string(++number), true};
}

Source::Source(const wire::UnixAddress& to, std::size_t n_fds)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)), fds_(value_of(os::NullFds::open(n_fds))) {
  const os::SocketAddress name = os::to_socket_address(to);
  if (::connect(socket_.get(), name.get(), name.length) != 0) throw std::runtime_error("cannot connect");
}

void Source::send(std::string_view bytes, std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i)
    if (os::send_message(socket_.get(), nullptr, bytes, fds_.all()) < 0)
      throw std::runtime_error("cannot send: is net.unix.max_dgram_qlen less than the burst?");
}

}  // namespace notifyspec::bench
