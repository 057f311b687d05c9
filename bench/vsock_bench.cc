// What the vsock device costs: messages as systemd sends them (one connection each), and bytes of a stream;
// with the host side in memory, and with real AF_UNIX sockets on it.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "vsock/pure_guest.h"
#include "vsock/simulated_device.h"

namespace {

using namespace notifyspec::vsock;

const std::string kMessage = "X_SYSTEMD_UNIT_ACTIVE=multi-user.target";
constexpr std::size_t kPacket = std::size_t{64} * 1024;

/// Rings in memory, and a host side of words.
struct CoreInMemory {
  CoreInMemory() {
    rings.set_memory(driver.memory().view());
    const RingFeatures features = {.indirect = true, .event_index = true};
    rings.attach(kToGuest, *Virtqueue::open(rings.memory(), driver.to_guest().place(), features, 0));
    rings.attach(kFromGuest, *Virtqueue::open(rings.memory(), driver.from_guest().place(), features, 0));
  }
  void send(Op op, Kind kind, std::string_view payload = {}, std::uint32_t flags = 0) {
    Header header = guest.header(op, kind, 1023);
    header.len = static_cast<std::uint32_t>(payload.size());
    header.flags = flags;
    if (!driver.send(header, as_payload(payload))) std::abort();
  }
  ConnectionId carry() {
    ConnectionId id = 0;
    for (bool any = true; any;) {
      any = *rings.take(guest.switchboard);
      if (const ConnectionId seen = guest.attention(); seen != 0) id = seen;
      any |= *rings.give(guest.switchboard);
    }
    return id;
  }
  void settle_connected(ConnectionId id) {
    guest.find(id)->host_connected();
    guest.switchboard.settle(id);
    carry();
  }

  GuestDriver driver;
  PureGuest guest{test_settings()};
  PacketRings rings;
};

void SeqpacketMessageInMemory(benchmark::State& state) {
  CoreInMemory core;
  std::int64_t n_right = 0;
  for (auto _ : state) {
    core.send(Op::kRequest, Kind::kSeqpacket);
    const ConnectionId id = core.carry();
    core.settle_connected(id);
    core.send(Op::kData, Kind::kSeqpacket, kMessage, kEndOfMessage);
    core.send(Op::kShutdown, Kind::kSeqpacket, {}, kShutdownSend);
    core.carry();
    n_right += core.guest.take_out(id) == kMessage && core.guest.find(id)->half_close_due() ? 1 : 0;
    core.guest.end_host(id, true);
    core.carry();
    core.send(Op::kReset, Kind::kSeqpacket);
    core.carry();
    while (core.driver.receive()) {
    }
  }
  if (n_right != state.iterations() || core.guest.switchboard.n_connections() != 0)
    state.SkipWithError("lost");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(SeqpacketMessageInMemory);

void StreamInMemory(benchmark::State& state) {
  CoreInMemory core;
  core.send(Op::kRequest, Kind::kStream);
  const ConnectionId id = core.carry();
  core.settle_connected(id);
  const std::string payload(kPacket, 'x');
  std::uint64_t n_taken = 0;
  for (auto _ : state) {
    core.send(Op::kData, Kind::kStream, payload);
    core.carry();
    Connection* const connection = core.guest.find(id);
    const std::size_t count = connection->outgoing()->size();
    connection->host_took(count);
    core.guest.switchboard.settle(id);
    n_taken += count;
    while (core.driver.receive()) {
    }
  }
  const auto n_sent = static_cast<std::uint64_t>(state.iterations()) * kPacket;
  if (n_taken != n_sent) state.SkipWithError("lost");
  state.SetBytesProcessed(static_cast<std::int64_t>(n_sent));
}
BENCHMARK(StreamInMemory);

void SeqpacketMessageToSocket(benchmark::State& state) {
  const Receiver receiver(Kind::kSeqpacket);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {});
  std::int64_t n_right = 0;
  std::string buffer(kMessage.size() + 1, '\0');
  for (auto _ : state) {
    device.send(Op::kRequest, Kind::kSeqpacket, 1023);
    device.step();
    device.send(Op::kData, Kind::kSeqpacket, 1023, as_payload(kMessage), kEndOfMessage);
    device.send(Op::kShutdown, Kind::kSeqpacket, 1023, {}, kShutdownSend);
    device.step();
    {
      const Receiver::Call call = receiver.accept();
      const ssize_t count = ::recv(call.fd.get(), buffer.data(), buffer.size(), 0);
      const bool whole = count == static_cast<ssize_t>(kMessage.size()) && buffer.starts_with(kMessage);
      n_right += whole && ::recv(call.fd.get(), buffer.data(), buffer.size(), 0) == 0 ? 1 : 0;
    }
    device.step();
    device.send(Op::kReset, Kind::kSeqpacket, 1023);
    device.step();
    while (device.driver.receive()) {
    }
  }
  if (n_right != state.iterations() || device.switchboard.n_connections() != 0) state.SkipWithError("lost");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(SeqpacketMessageToSocket);

void StreamToSocket(benchmark::State& state) {
  const Receiver receiver(Kind::kStream);
  SimulatedDevice device({{.port = 1234, .to = receiver.address()}}, {});
  device.send(Op::kRequest, Kind::kStream, 1023);
  device.step();
  const Receiver::Call call = receiver.accept();
  const std::string payload(kPacket, 'x');
  std::string buffer(kPacket, '\0');
  std::uint64_t n_received = 0;
  for (auto _ : state) {
    device.send(Op::kData, Kind::kStream, 1023, as_payload(payload));
    device.step();
    for (std::size_t left = kPacket; left > 0;) {
      const ssize_t count = ::recv(call.fd.get(), buffer.data(), left, 0);
      if (count <= 0) break;
      left -= static_cast<std::size_t>(count);
      n_received += static_cast<std::uint64_t>(count);
    }
    device.step();
    while (device.driver.receive()) {
    }
  }
  const auto n_sent = static_cast<std::uint64_t>(state.iterations()) * kPacket;
  if (n_received != n_sent) state.SkipWithError("lost");
  state.SetBytesProcessed(static_cast<std::int64_t>(n_sent));
}
BENCHMARK(StreamToSocket);

}  // namespace
