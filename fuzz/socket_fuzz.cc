// Invariants, of a receiver behind a real socket: each datagram comes as it was sent, in order, with its
// bytes, its sender and its fds, split as the plain stages split it, or is refused for the reason that it
// gives; one of which the kernel had no room for all fds is refused; all that was sent is taken or refused;
// no fd is gained or lost; afterwards READY=1 is still heard.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "heap.h"
#include "invariant.h"
#include "no_room.h"
#include "os/controls.h"
#include "receiver/notify_receiver.h"
#include "scenario.h"
#include "sender.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

using namespace notifyspec;
using receiver::Refusal;

namespace {

/// What was sent and not yet received.
struct Sent {
  const fuzz::Datagram* datagram;
  ucred credentials;
};

class Wire {
 public:
  Wire() {
    const wire::UnixAddress address = {"notifyspec/fuzz/" + std::to_string(::getpid()), true};
    auto receiver = receiver::NotifyReceiver::bind(address);
    require(receiver.has_value(), "the receiver listens");
    receiver_.emplace(std::move(*receiver));
    const os::SocketAddress to = os::to_socket_address(address);
    sender_ = os::UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    require(::connect(sender_.get(), to.get(), to.length) == 0, "the sender is connected");
    null_ = os::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    fds_.fill(null_.get());
  }

  void run(const fuzz::Scenario& scenario) {
    const int free_fd = lowest_free_fd();
    for (const fuzz::Datagram& each : scenario) {
      if (each.truncated && each.n_fds > 0) {
        lose_fds_of(each);
      } else {
        send(each);
      }
      if (each.then_drain) drain();
    }
    drain();
    require(sent_.empty(), "all that was sent is received");
    require(lowest_free_fd() == free_fd, "no fd is gained or lost", "receiver.fds-closed");
    static const fuzz::Datagram kReady = {.bytes = "READY=1"};
    send(kReady);
    heard_ready_ = false;
    drain();
    require(heard_ready_, "READY=1 is still heard");
  }

 private:
  /// Every fd below it is open, so that one that is left behind moves it.
  static int lowest_free_fd() {
    const int fd = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
    ::close(fd);
    return fd;
  }

  void send(const fuzz::Datagram& datagram) {
    if (!try_to_send(datagram) && errno == EAGAIN) {  // its queue is full
      drain();
      require(try_to_send(datagram), "an empty queue takes a datagram");
    }
  }

  /// Nothing is asked before there is room again, even for the engine to write down what it has found.
  void lose_fds_of(const fuzz::Datagram& datagram) {
    drain();
    if (!try_to_send(datagram)) return;
    sent_.pop_back();
    std::optional<Refusal> refusal;
    std::size_t n_fds = 0, n_came = 0;
    {
      const fuzz::NoRoomFor all_of_them(datagram.n_fds);
      n_came = receiver_
                   ->receive([&](receiver::Delivery& delivery) {
                     if (!delivery.lines) refusal = delivery.lines.error();
                     n_fds = delivery.fds.size();
                   })
                   .value_or(0);
    }
    n_received_ += n_came;
    require(n_came == 1, "what has lost fds comes");
    require(n_fds < datagram.n_fds, "there is no room for all fds");
    require(refusal == Refusal::kFdsLost, "what has lost fds is refused", "receiver.no-partial-parse");
  }

  /// As whom it says; without privileges nobody is let say that he is another.
  bool try_to_send(const fuzz::Datagram& datagram) {
    if (try_to_send(datagram, fuzz::sender_of(datagram.from))) return true;
    if (errno != EPERM && errno != ESRCH) return false;
    return try_to_send(datagram, fuzz::sender_of(fuzz::From::kMain));
  }

  /// Whether the kernel took it; it refuses more fds than it carries.
  bool try_to_send(const fuzz::Datagram& datagram, const ucred& sender) {
    iovec bytes = {.iov_base = const_cast<char*>(datagram.bytes.data()), .iov_len = datagram.bytes.size()};
    msghdr header = {};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control_.data();
    header.msg_controllen = control_.size();
    cmsghdr* each = CMSG_FIRSTHDR(&header);
    std::size_t used = write_control(*each, SCM_CREDENTIALS, &sender, sizeof sender);
    if (datagram.n_fds > 0) {
      each = reinterpret_cast<cmsghdr*>(control_.data() + used);
      used += write_control(*each, SCM_RIGHTS, fds_.data(), datagram.n_fds * sizeof(int));
    }
    header.msg_controllen = used;
    if (::sendmsg(sender_.get(), &header, MSG_NOSIGNAL) < 0) {
      const bool is_not_let = (errno == EPERM || errno == ESRCH) && datagram.from != fuzz::From::kMain;
      require(errno == EAGAIN || is_not_let || (errno == EINVAL && datagram.n_fds > os::kMaxFds),
              "the kernel takes a datagram");
      return false;
    }
    sent_.push_back({&datagram, sender});
    return true;
  }

  static std::size_t write_control(cmsghdr& control, int type, const void* data, std::size_t size) {
    control.cmsg_level = SOL_SOCKET;
    control.cmsg_type = type;
    control.cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(&control), data, size);
    return CMSG_SPACE(size);
  }

  void drain() {
    while (true) {
      const auto count = receiver_->receive([this](receiver::Delivery& delivery) { take(delivery); });
      require(count.has_value(), "a receiver receives");
      if (*count == 0) break;
    }
    const receiver::ReceiverCounts& counts = receiver_->counts();
    std::uint64_t all = counts.taken;
    for (const std::uint64_t each : counts.refused) all += each;
    require(all == n_received_, "what was received is taken or refused");
  }

  void take(receiver::Delivery& delivery) {
    ++n_received_;
    require(!sent_.empty(), "nothing comes that was not sent");
    const Sent sent = sent_.front();
    sent_.pop_front();
    require(delivery.sender.pid == sent.credentials.pid && delivery.sender.uid == sent.credentials.uid,
            "the sender is who sent it", "receiver.sender-credentials");
    require(delivery.fds.size() == sent.datagram->n_fds, "all fds come");
    if (sent.datagram->n_fds > 1) require(static_cast<bool>(delivery.fds.take(1)), "an fd can be taken");
    const auto payload = wire::payload(sent.datagram->bytes);
    require(delivery.lines.has_value() == payload.has_value(), "what is refused is what cannot be read");
    if (!payload) {
      const bool too_long = payload.error() == wire::DatagramFault::kTooLong;
      require(delivery.lines.error() == (too_long ? Refusal::kTooLong : Refusal::kEmbeddedNul),
              "the reason is right");
      return;
    }
    auto line = delivery.lines->begin();
    for (const wire::Assignment& plain : wire::split_assignments(*payload)) {
      require(line != delivery.lines->end() && *line == plain.line, "lines are those that were sent");
      const auto [tag, value] = receiver::classify(*line);
      if (tag == receiver::Tag::kReady && value == "1") heard_ready_ = true;
      ++line;
    }
    require(line == delivery.lines->end(), "no line is made up");
  }

  std::optional<receiver::NotifyReceiver> receiver_;
  os::UniqueFd sender_, null_;
  std::array<int, fuzz::kMostFds> fds_;
  alignas(cmsghdr)
      std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(sizeof(int) * fuzz::kMostFds)> control_;
  std::deque<Sent> sent_;
  std::uint64_t n_received_ = 0;
  bool heard_ready_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  static Wire wire;
  wire.run(fuzz::read_scenario({reinterpret_cast<const char*>(data), size}));
  return 0;
}
