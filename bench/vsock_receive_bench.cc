// What it costs to receive messages that come by our vsock device: a connection each, as systemd makes them.
// The guest's and the device's work is not timed (vsock_bench.cc has it); what is: accepting, reading,
// closing, lines and fields.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "field/field.h"
#include "os/listening_socket.h"
#include "receive_way.h"
#include "vsock/pure_guest.h"
#include "vsock/simulated_device.h"
#include "wire/assignment.h"
#include "wire/datagram.h"
#include "workload.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;

constexpr std::size_t kBurst = 8;  // connections that are there together

/// The guest's side: a port for each message, from which it is sent and by which it ends.
class Guest {
 public:
  Guest(vsock::Kind kind, const wire::UnixAddress& to)
      : kind_(kind), device_({{.port = 1234, .to = {.kind = kind, .address = to}}}, {}) {}

  void send(std::string_view bytes) {
    const std::uint32_t port = kFirstPort + n_sent_++ % kPorts;
    device_.send(vsock::Op::kRequest, kind_, port);
    device_.step();
    const bool is_message = kind_ == vsock::Kind::kSeqpacket;
    device_.send(vsock::Op::kData, kind_, port, vsock::as_payload(bytes),
                 is_message ? vsock::kEndOfMessage : 0);
    device_.send(vsock::Op::kShutdown, kind_, port, {}, vsock::kShutdownSend);
    device_.step();
  }
  /// Agrees to every end that the host has announced.
  void part() {
    device_.step();
    while (const auto packet = device_.driver.receive())
      if (packet->header.operation() == vsock::Op::kShutdown)
        device_.send(vsock::Op::kReset, kind_, packet->header.dst_port);
    device_.step();
  }
  std::size_t n_connections() const { return device_.switchboard.n_connections(); }

 private:
  static constexpr std::uint32_t kFirstPort = 1024, kPorts = 20'000;

  vsock::Kind kind_;
  vsock::SimulatedDevice device_;
  std::uint32_t n_sent_ = 0;
};

/// The host's side, which takes what has come as `notifyspec record` does.
class Host {
 public:
  Host(const wire::UnixAddress& here, wire::SocketType type)
      : socket_(bound({.address = here, .type = type})) {}

  void receive(Seen& seen) {
    const auto arrivals = socket_.receive(kBurst, {.clock = clock_, .n_connections = n_connections_});
    if (!arrivals) throw std::runtime_error(arrivals.error().reason);
    for (const os::Arrival& each : *arrivals) {
      ++seen.datagrams;
      const auto payload = wire::payload(each.data);
      if (!payload) continue;
      for (const wire::Assignment& line : wire::split_assignments(*payload)) {
        ++seen.lines;
        seen.known += field::find(line.name) != nullptr ? 1 : 0;
      }
    }
  }

 private:
  static os::ListeningSocket bound(const wire::UnixEndpoint& endpoint) {
    auto made = os::ListeningSocket::bind(endpoint);
    if (!made) throw std::runtime_error(made.error().reason);
    return std::move(*made);
  }

  os::ListeningSocket socket_;
  os::WallClock clock_;
  std::int64_t n_connections_ = 0;
};

/// Of the first `count` messages that are sent, round and round.
std::uint64_t lines_of(const Workload& work, std::uint64_t count) {
  const auto lines = [&](std::uint64_t first) {
    std::uint64_t n = 0;
    for (std::uint64_t i = 0; i < first; ++i)
      if (const auto payload = wire::payload(work.messages[i].bytes()))
        for (const wire::Assignment& line : wire::split_assignments(*payload))
          n += line.line.data() != nullptr ? 1 : 0;
    return n;
  };
  const std::uint64_t size = work.messages.size();
  return count / size * lines(size) + lines(count % size);
}

void receive_by(benchmark::State& state, vsock::Kind kind, const Workload& work) try {
  const auto address = fresh_address();
  Host host(address, kind == vsock::Kind::kStream ? wire::SocketType::kStream : wire::SocketType::kSeqpacket);
  Guest guest(kind, address);
  Seen seen;
  std::uint64_t n_sent = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < kBurst; ++i)
      guest.send(work.messages[n_sent++ % work.messages.size()].bytes());
    const auto begin = std::chrono::steady_clock::now();
    while (seen.datagrams < n_sent) host.receive(seen);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(took.count());
    guest.part();
  }
  if (seen.datagrams != n_sent || seen.lines != lines_of(work, n_sent))
    state.SkipWithError("not what was sent");
  if (guest.n_connections() > kBurst) state.SkipWithError("connections are left");
  state.SetItemsProcessed(static_cast<std::int64_t>(n_sent));
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

const bool kRegistered = [] {
  for (const auto& [name, kind] : {std::pair("vsock-seqpacket", vsock::Kind::kSeqpacket),
                                   std::pair("vsock-stream", vsock::Kind::kStream)})
    for (const Workload& work : workloads()) {
      if (work.messages.front().bytes().empty())
        continue;  // nothing of a connection says that it is a message
      const std::string full = std::string("Receive/") + name + "/" + work.name;
      benchmark::RegisterBenchmark(full.c_str(), [kind, &work](benchmark::State& state) {
        receive_by(state, kind, work);
      })->UseManualTime();
    }
  return true;
}();

}  // namespace
