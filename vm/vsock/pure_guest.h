// A guest without rings, for tests of the switchboard and for fuzzing: hands packets over, takes packets, and
// plays the host's side with words in place of sockets. Not part of the device.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vsock/guest_end.h"
#include "vsock/packet.h"
#include "vsock/switchboard.h"

namespace notifyspec::vsock {

inline std::span<const std::byte> as_payload(std::string_view text) {
  return std::as_bytes(std::span(text));
}
inline std::string as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Forwards of port 1234 for both kinds, to nowhere in particular.
inline Switchboard::Settings test_settings(std::initializer_list<const char*> faults = {}) {
  return settings_of({*parse_forward("1234=stream:/nowhere"), *parse_forward("1234=seqpacket:/nowhere")},
                     faults);
}

struct GuestPacket {
  Header header;
  std::string payload;
  Op op() const { return header.operation(); }
};

/// One guest on a switchboard.
class PureGuest : public GuestEnd {
 public:
  explicit PureGuest(Switchboard::Settings settings) : switchboard(std::move(settings)) {}

  void send(Op op, Kind kind, std::uint32_t port, std::string_view payload = {}, std::uint32_t flags = 0,
            std::uint32_t to = 1234) {
    Header head = header(op, kind, port, to);
    head.len = static_cast<std::uint32_t>(payload.size());
    head.flags = flags;
    switchboard.take(head, as_payload(payload));
  }
  void send_message(std::uint32_t port, std::string_view payload, std::uint32_t flags = kEndOfMessage) {
    send(Op::kData, Kind::kSeqpacket, port, payload, flags);
  }
  /// The next packet for the guest.
  std::optional<GuestPacket> receive(std::size_t room = 4096) {
    if (!switchboard.has_packet()) return std::nullopt;
    std::vector<std::byte> bytes(room);
    const std::size_t size = switchboard.give(bytes);
    return GuestPacket{.header = decode_header(std::span(bytes).first<kHeaderSize>()),
                       .payload = as_text(std::span(bytes).subspan(kHeaderSize, size - kHeaderSize))};
  }
  /// The operation of the next packet; kInvalid where there is none.
  Op receive_op() {
    const auto packet = receive();
    return packet ? packet->op() : Op::kInvalid;
  }

  // The host's side.

  /// The connection that wants attention, if it still lives; the last of several.
  ConnectionId attention() {
    ConnectionId last = 0;
    while (const auto id = switchboard.next_attention()) last = *id;
    return last;
  }
  /// A connection that is agreed; its RESPONSE is received.
  ConnectionId connect(Kind kind, std::uint32_t port) {
    send(Op::kRequest, kind, port);
    const ConnectionId id = attention();
    switchboard.find(id)->host_connected();
    switchboard.settle(id);
    receive_op();
    return id;
  }
  Connection* find(ConnectionId id) { return switchboard.find(id); }
  /// What the host socket takes next; nothing where there is nothing.
  std::optional<std::string> take_out(ConnectionId id) {
    Connection* const connection = switchboard.find(id);
    const auto outgoing = connection == nullptr ? std::nullopt : connection->outgoing();
    if (!outgoing) return std::nullopt;
    std::string text = as_text(*outgoing);
    connection->host_took(outgoing->size());
    switchboard.settle(id);
    return text;
  }
  void put_in(ConnectionId id, std::string_view text) {
    switchboard.find(id)->host_gave(as_payload(text));
    switchboard.settle(id);
  }
  void end_host(ConnectionId id, bool deaf_too) {
    switchboard.find(id)->host_ended();
    if (deaf_too) switchboard.find(id)->host_deafened();
    switchboard.settle(id);
  }

  Switchboard switchboard;
};

}  // namespace notifyspec::vsock
