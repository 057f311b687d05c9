// Invariants: whatever packets and host events come in whatever order, what a host socket is given is a
// prefix of what the guest sent (whole messages of it where it is SEQPACKET), and the other way round; the
// guest is never sent more than its credit; what is held stays within what was offered; every byte is
// carried, held, or counted as lost.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "heap.h"
#include "invariant.h"
#include "vsock/pure_guest.h"

using namespace notifyspec::vsock;

namespace {

constexpr std::size_t kPorts = 4;
constexpr std::size_t kLongestHeld = 800;  // what is put in here at once

/// What the fuzzer has seen of one connection, from outside.
struct Witness {
  Kind kind = Kind::kStream;
  std::string sent, taken;   ///< guest to host
  std::string given, heard;  ///< host to guest
};

struct World {
  explicit World(Switchboard::Settings settings) : guest(std::move(settings)) {}

  PureGuest guest;
  std::map<ConnectionId, Witness> witnesses;
  std::map<std::uint64_t, ConnectionId> current;  ///< by ports
  std::map<ConnectionId, std::pair<std::uint32_t, std::uint32_t>>
      credit;                                     ///< what the guest told: buffer, taken
  std::map<ConnectionId, std::uint32_t> carried;  ///< bytes for the guest

  static std::uint64_t key(std::uint32_t guest_port, std::uint32_t host_port) {
    return std::uint64_t{guest_port} << 32 | host_port;
  }
  void look_around() {
    while (const auto id = guest.switchboard.next_attention()) {
      const Connection* const connection = guest.find(*id);
      if (connection == nullptr) continue;
      witnesses[*id].kind = connection->kind();
      // What the guest has forgotten may still have a word for the host; its ports are another's by then.
      if (connection->over_for_guest()) continue;
      current[key(connection->ends().guest_port, connection->ends().host_port)] = *id;
    }
  }
};

std::string pattern(std::size_t from, std::size_t count) {
  std::string text(count, '\0');
  for (std::size_t i = 0; i < count; ++i) text[i] = static_cast<char>((from + i) * 31 >> 3);
  return text;
}

void send(World& world, std::uint8_t what, std::uint8_t detail) {
  const std::uint32_t port = detail % kPorts;
  const Kind kind = (detail & 4) != 0 ? Kind::kStream : Kind::kSeqpacket;
  const Op op = static_cast<Op>(what % 9);
  std::uint32_t to = 1234;
  if ((detail & 8) != 0) to = 1024;  // the first port of a connection that a host program asked for
  const std::uint32_t flags = detail >> 4 & 3;
  std::string payload;
  const auto found = world.current.find(World::key(port, to));
  const ConnectionId id = found == world.current.end() ? 0 : found->second;
  if (op == Op::kData)
    payload = pattern(id == 0 ? 0 : world.witnesses[id].sent.size(), (detail >> 6) * 700U + 1);
  const Connection* const before = id == 0 ? nullptr : world.guest.find(id);
  const bool open =
      before != nullptr && before->phase() == Connection::Phase::kOpen && before->kind() == kind;
  const bool hears =
      before != nullptr && before->kind() == kind && before->phase() < Connection::Phase::kFlushing;
  if (open) world.witnesses[id].sent += payload;
  if (hears && op != Op::kReset) world.credit[id] = {world.guest.buf_alloc, world.guest.fwd_cnt};
  world.guest.send(op, kind, port, payload, flags, to);
  world.look_around();
  const auto now = world.current.find(World::key(port, to));
  if (op == Op::kRequest && now != world.current.end() && now->second != id) {
    world.credit[now->second] = {world.guest.buf_alloc, world.guest.fwd_cnt};
  }
}

void receive(World& world) {
  const auto packet = world.guest.receive(kHeaderSize + 300);
  world.look_around();
  if (!packet) return;
  require(packet->header.src_port == 1234 || packet->header.src_port >= 1024, "a port that we have");
  require(packet->header.len == packet->payload.size(), "a header says what there is");
  if (packet->op() != Op::kData) return;
  const auto found = world.current.find(World::key(packet->header.dst_port, packet->header.src_port));
  require(found != world.current.end(), "data belong to a connection");
  world.witnesses[found->second].heard += packet->payload;
  const std::uint32_t carried = world.carried[found->second] += packet->header.len;
  const auto [buffer, taken] = world.credit[found->second];
  if (packet->header.len > 0)
    require(carried - taken <= buffer, "the guest is never sent more than its credit");
}

void serve(World& world, std::uint8_t what, std::uint8_t detail) {
  if (world.witnesses.empty()) return;
  auto place = world.witnesses.begin();
  std::advance(place, detail % world.witnesses.size());
  const ConnectionId id = place->first;
  Connection* const connection = world.guest.find(id);
  if (connection == nullptr) return;
  switch (what % 6) {
    case 0:
      if (connection->phase() == Connection::Phase::kConnecting) connection->host_connected();
      break;
    case 1: {
      const auto outgoing = connection->outgoing();
      if (!outgoing) break;
      const bool whole = connection->kind() == Kind::kSeqpacket;
      const std::size_t count =
          whole ? outgoing->size() : std::min<std::size_t>(outgoing->size(), detail + 1U);
      place->second.taken += as_text(outgoing->first(count));
      connection->host_took(count);
      break;
    }
    case 2: {
      const std::size_t limit = connection->read_limit();
      if (limit == 0) break;
      const bool whole = connection->kind() == Kind::kSeqpacket;
      const std::string text =
          pattern(place->second.given.size(),
                  whole ? std::size_t{detail} * 3 : std::min<std::size_t>(limit, detail + 1U));
      place->second.given += text;
      connection->host_gave(as_payload(text));
      break;
    }
    case 3:
      connection->host_ended();
      break;
    case 4:
      connection->host_deafened();
      break;
    default:
      if (connection->half_close_due()) connection->half_close_passed();
      break;
  }
  world.guest.switchboard.settle(id);
  world.look_around();
}

void check(World& world) {
  Switchboard& switchboard = world.guest.switchboard;
  require(switchboard.n_connections() <= kMostConnections, "connections are bounded");
  require(switchboard.n_strays() <= kMostStrays, "replies that wait are bounded");
  for (const auto& [id, witness] : world.witnesses) {
    require(witness.sent.starts_with(witness.taken), "the host gets a prefix of what the guest sent");
    require(witness.given.starts_with(witness.heard), "the guest gets a prefix of what the host sent");
    const Connection* const connection = world.guest.find(id);
    if (connection == nullptr) continue;
    require(connection->held() <= connection->credit().offered() + kLongestHeld, "what is held is bounded");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const notifyspec::fuzz::Heap heap;
  World world(size > 0 && (data[0] & 1) != 0 ? test_settings({"credit=2000"}) : test_settings());
  for (std::size_t i = 1; i + 2 < size; i += 3) {
    const std::uint8_t what = data[i + 1], detail = data[i + 2];
    switch (data[i] % 6) {
      case 0:
      case 1:
        if (world.guest.switchboard.accepts_packets()) send(world, what, detail);
        break;
      case 2:
        receive(world);
        break;
      case 3:
        serve(world, what, detail);
        break;
      case 4:
        world.guest.buf_alloc = what * 8U;
        world.guest.fwd_cnt = detail * 8U;
        break;
      default:
        if (what == 0) {
          world.guest.switchboard.drop_all();
        } else {
          world.guest.switchboard.open(what % 2 == 0 ? Kind::kStream : Kind::kSeqpacket, detail % kPorts);
        }
        world.look_around();
    }
    check(world);
  }
  return 0;
}
