#include "vsock/switchboard.h"

#include <iterator>
#include <limits>
#include <utility>

namespace notifyspec::vsock {
namespace {

constexpr std::uint32_t kFirstHostPort = 1024;
constexpr std::uint32_t kAnyPort = std::numeric_limits<std::uint32_t>::max();

bool is_kind(std::uint16_t type) {
  return type == static_cast<std::uint16_t>(Kind::kStream) ||
         type == static_cast<std::uint16_t>(Kind::kSeqpacket);
}

}  // namespace

// --- from the guest

bool Switchboard::is_misaddressed(const Header& header) {
  // A guest speaks for itself alone, and the upper halves of CIDs are reserved (virtio 1.2, 5.10.6.2).
  constexpr std::uint64_t kMostCid = std::numeric_limits<std::uint32_t>::max();
  if (header.src_cid == settings_.guest_cid && header.dst_cid == kHostCid) return false;
  if (header.src_cid == settings_.guest_cid && header.dst_cid <= kMostCid) {
    answer_stray(header);  // nobody else lives here: better refused at once than waited for
  } else {
    ++counts_.packets_dropped;
  }
  return true;
}

void Switchboard::take(const Header& header, std::span<const std::byte> payload) {
  if (is_misaddressed(header)) return;
  const auto found = by_ends_.find(key({.guest_port = header.src_port, .host_port = header.dst_port}));
  if (found == by_ends_.end()) {
    if (header.operation() == Op::kRequest) return take_request(header);
    return answer_stray(header);
  }
  const auto place = connections_.find(found->second);
  place->second.connection.take(header, payload);
  settle(place);
}

void Switchboard::take_malformed(Header header) {
  ++counts_.packets_dropped;
  header.len = 0;  // what it claims did not come, and is not lost
  if (is_misaddressed(header)) return;
  const auto found = by_ends_.find(key({.guest_port = header.src_port, .host_port = header.dst_port}));
  if (found == by_ends_.end()) return answer_stray(header);
  const auto place = connections_.find(found->second);
  place->second.connection.reset();
  settle(place);
}

void Switchboard::take_request(const Header& header) {
  const auto kind = static_cast<Kind>(header.type);
  const bool known = is_kind(header.type) &&
                     (kind != Kind::kSeqpacket || settings_.faults.offers_seqpacket()) &&
                     vsock::find(settings_.forwards, header.dst_port, kind) != nullptr;
  const Faults faults = settings_.faults.at(header.dst_port);
  if (!known || faults.refuse || connections_.size() >= kMostConnections) {
    ++counts_.refused;
    return answer_stray(header);
  }
  const Ends ends = {.guest_port = header.src_port, .host_port = header.dst_port};
  const auto place = add(ends, kind, Connection::Phase::kConnecting, faults);
  place->second.connection.hear_credit(header);
  settle(place);
}

void Switchboard::answer_stray(const Header& header) {
  // Never a RST for a RST: two that do so would never end (virtio 1.2, 5.10.6.4).
  if (header.operation() == Op::kReset) {
    ++counts_.late_resets;
    return;
  }
  if (header.operation() != Op::kRequest) ++counts_.strays;
  if (header.operation() == Op::kData) counts_.bytes_lost_out += header.len;
  strays_.push_back({.src_cid = header.dst_cid,
                     .dst_cid = settings_.guest_cid,
                     .src_port = header.dst_port,
                     .dst_port = header.src_port,
                     .type = header.type,
                     .op = static_cast<std::uint16_t>(Op::kReset)});
}

// --- to the guest

bool Switchboard::has_packet() {
  if (!strays_.empty()) return true;
  while (!speakers_.empty()) {
    const auto place = connections_.find(speakers_.front());
    if (place != connections_.end() && place->second.connection.has_packet()) return true;
    if (place != connections_.end()) place->second.speaks = false;
    speakers_.pop_front();  // it had something to say, and has it no longer
  }
  return false;
}

std::size_t Switchboard::give(std::span<std::byte> room) {
  const auto head = room.first<kHeaderSize>();
  if (!strays_.empty()) {
    encode_header(strays_.front(), head);
    strays_.pop_front();
    return kHeaderSize;
  }
  const auto place = connections_.find(speakers_.front());
  speakers_.pop_front();  // at the end of the row again, should it have more: nobody is kept waiting by one
  place->second.speaks = false;
  Header header = place->second.connection.next_packet(room.subspan(kHeaderSize));
  header.src_cid = kHostCid;
  header.dst_cid = settings_.guest_cid;
  encode_header(header, head);
  settle(place);
  return kHeaderSize + header.len;
}

// --- the host's side

std::optional<ConnectionId> Switchboard::next_attention() {
  if (attention_.empty()) return std::nullopt;
  const ConnectionId id = attention_.front();
  attention_.pop_front();
  if (const auto place = connections_.find(id); place != connections_.end()) place->second.attention = false;
  return id;
}

Connection* Switchboard::find(ConnectionId id) {
  const auto place = connections_.find(id);
  return place == connections_.end() ? nullptr : &place->second.connection;
}

void Switchboard::settle(ConnectionId id) {
  if (const auto place = connections_.find(id); place != connections_.end()) settle(place);
}

void Switchboard::settle(Entries::iterator place) {
  auto& [id, entry] = *place;
  if (!entry.attention) {
    entry.attention = true;
    attention_.push_back(id);
  }
  const Connection& connection = entry.connection;
  if (!entry.speaks && connection.has_packet()) {
    entry.speaks = true;
    speakers_.push_back(id);
  }
  if (connection.over_for_guest()) {
    const auto found = by_ends_.find(key(connection.ends()));
    if (found != by_ends_.end() && found->second == id) by_ends_.erase(found);
  }
  if (connection.over()) connections_.erase(place);
}

Switchboard::Entries::iterator Switchboard::add(Ends ends, Kind kind, Connection::Phase begin,
                                                const Faults& faults) {
  const ConnectionId id = next_id_++;
  by_ends_.emplace(key(ends), id);
  return connections_.emplace(id, Entry{Connection(ends, kind, begin, faults, counts_)}).first;
}

std::optional<Ends> Switchboard::free_ends(std::uint32_t guest_port) {
  for (std::size_t n_tries = 0; n_tries <= kMostConnections; ++n_tries) {
    const Ends ends = {.guest_port = guest_port, .host_port = next_host_port_};
    next_host_port_ = next_host_port_ + 1 == kAnyPort ? kFirstHostPort : next_host_port_ + 1;
    if (!by_ends_.contains(key(ends))) return ends;
  }
  return std::nullopt;
}

std::optional<ConnectionId> Switchboard::open(Kind kind, std::uint32_t guest_port) {
  if (connections_.size() >= kMostConnections) return std::nullopt;
  if (kind == Kind::kSeqpacket && !settings_.faults.offers_seqpacket()) return std::nullopt;
  const auto ends = free_ends(guest_port);
  if (!ends) return std::nullopt;
  const auto place = add(*ends, kind, Connection::Phase::kRequested, settings_.faults.at(guest_port));
  const ConnectionId id = place->first;
  settle(place);
  return id;
}

void Switchboard::drop_all() {
  by_ends_.clear();
  speakers_.clear();
  strays_.clear();
  for (auto place = connections_.begin(); place != connections_.end();) {
    const auto next = std::next(place);
    place->second.speaks = false;
    place->second.connection.abandon();
    settle(place);
    place = next;
  }
}

void Switchboard::forget_all() {
  drop_all();
  for (auto& [id, entry] : connections_) entry.connection.host_deafened();
  connections_.clear();
}

}  // namespace notifyspec::vsock
