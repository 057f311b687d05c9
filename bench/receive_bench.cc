// What it costs to receive datagrams from a real AF_UNIX socket: the receiver beside its floor (the same
// system calls into the same buffers, without a look at the bytes), and beside the shapes that services have.
//
// A burst is sent, which is not timed, and then received, which is.
#include <benchmark/benchmark.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "os/ancillary.h"
#include "os/batch.h"
#include "os/bound_socket.h"
#include "os/message.h"
#include "payload.h"
#include "receiver/notify_receiver.h"
#include "wire/endpoint.h"

namespace {

using namespace notifyspec;
using bench::payload;
using bench::Payload;

constexpr std::size_t kBurst = 8;  // below the queue of net.unix.max_dgram_qlen, which is 10 by default

wire::UnixAddress address() {
  static int number = 0;
  return {"notifyspec/bench/" + std::to_string(::getpid()) + "/" + std::to_string(++number), true};
}

template <typename T>
T value_of(std::expected<T, os::OsError> made) {
  if (!made) throw std::runtime_error(made.error().reason);
  return std::move(*made);
}

/// A socket that sends to an address, many times the same.
class Source {
 public:
  explicit Source(const wire::UnixAddress& to) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const os::SocketAddress name = os::to_socket_address(to);
    if (::connect(socket_.get(), name.get(), name.length) != 0) throw std::runtime_error("cannot connect");
  }
  void send_burst(std::string_view bytes) const {
    for (std::size_t i = 0; i < kBurst; ++i)
      if (os::send_message(socket_.get(), nullptr, bytes, {}) < 0) throw std::runtime_error("cannot send");
  }

 private:
  os::UniqueFd socket_;
};

/// Calls `receive()` until a burst has come; it says how many came.
template <typename Receive>
void measure(benchmark::State& state, const wire::UnixAddress& to, Receive receive) {
  const Source source(to);
  const Payload& message = payload(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    source.send_burst(message.bytes());
    const auto begin = std::chrono::steady_clock::now();
    std::size_t count = 0;
    while (count < kBurst) count += receive();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (count != kBurst) state.SkipWithError("more came than was sent");
    state.SetIterationTime(took.count());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBurst));
  state.SetLabel(std::to_string(message.bytes().size()) + " B");
}

/// Receives, splits, classifies; `with_pidfd`: each with a pidfd of its sender.
void receive_all(benchmark::State& state, bool with_pidfd) {
  const wire::UnixAddress here = address();
  auto receiver = receiver::NotifyReceiver::bind(here, {.with_pidfd = with_pidfd});
  if (!receiver) return state.SkipWithError(receiver.error().reason.c_str());
  std::size_t n_known = 0;
  measure(state, here, [&] {
    return value_of(receiver->receive([&n_known](receiver::Delivery& delivery) {
      for (const std::string_view line : *delivery.lines)
        n_known += receiver::classify(line).tag != receiver::Tag::kUnknown;
    }));
  });
  if (n_known == 0 && state.range(0) != 0) state.SkipWithError("no field was known");
}

void ReceiveReceiver(benchmark::State& state) {
  receive_all(state, false);
}
void ReceiveReceiverWithPidfd(benchmark::State& state) {
  receive_all(state, true);
}

/// recvmmsg() into the same buffers, with the same controls, whose fds would be closed; no look at the bytes.
void ReceiveFloor(benchmark::State& state) {
  const wire::UnixAddress here = address();
  const auto socket = value_of(os::bind_socket(wire::UnixEndpoint{.address = here}, {SO_PASSCRED}));
  os::Batch batch({.length = wire::kDatagramLimit, .spare = receiver::kPadding});
  measure(state, here, [&] {
    const std::size_t count = value_of(batch.receive(socket.fd.get(), batch.capacity()));
    for (std::size_t i = 0; i < count; ++i)
      benchmark::DoNotOptimize(os::take_ancillary(batch.header(i)).n_fds);
    return count;
  });
}

/// One recvmsg() for each, after an epoll_wait(): the shape of an event loop; `option`: SO_PASSCRED and this.
void receive_by_events(benchmark::State& state, std::initializer_list<int> options) {
  const wire::UnixAddress here = address();
  auto bound = os::bind_socket(wire::UnixEndpoint{.address = here}, options);
  if (!bound) return state.SkipWithError(bound.error().reason.c_str());
  const os::UniqueFd loop(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event interest = {.events = EPOLLIN, .data = {}};
  ::epoll_ctl(loop.get(), EPOLL_CTL_ADD, bound->fd.get(), &interest);
  os::Batch one({.count = 1, .length = wire::kDatagramLimit});
  measure(state, here, [&] {
    epoll_event event;
    if (::epoll_wait(loop.get(), &event, 1, -1) != 1) return std::size_t{0};
    const std::size_t count = value_of(one.receive(bound->fd.get(), 1));
    const os::Controls controls = os::read_controls(one.header(0));
    if (controls.pidfd) ::close(*controls.pidfd);
    return count;
  });
}

void ReceiveByEvents(benchmark::State& state) {
  receive_by_events(state, {SO_PASSCRED});
}
void ReceiveByEventsWithPidfd(benchmark::State& state) {
  receive_by_events(state, {SO_PASSCRED, os::kPassPidfd});
}

constexpr std::int64_t kSmall = 1, kLarge = 3;
BENCHMARK(ReceiveFloor)->DenseRange(kSmall, kLarge)->Arg(5)->UseManualTime();
BENCHMARK(ReceiveReceiver)->DenseRange(kSmall, kLarge)->Arg(5)->UseManualTime();
BENCHMARK(ReceiveByEvents)->DenseRange(kSmall, kLarge)->UseManualTime();
BENCHMARK(ReceiveByEventsWithPidfd)->DenseRange(kSmall, kLarge)->UseManualTime();
BENCHMARK(ReceiveReceiverWithPidfd)->DenseRange(kSmall, kLarge)->UseManualTime();

}  // namespace
