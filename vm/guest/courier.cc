// The courier: carries bytes to a peer that sends everything back, and says whether they came back as they
// went.
//
// `courier CID PORT stream|seqpacket CONNECTIONS MESSAGES BYTES` opens all connections before it sends
// anything, sends over each so many messages of so many bytes, in turn, and reads meanwhile. Every byte is a
// function of its connection and its place there, so that what is lost, comes twice, or comes out of turn or
// over another connection is seen; over SEQPACKET each message must come back whole and alone. Once all is
// there it ends its own direction of each connection and wants the peer's end, with nothing before it. One
// line on standard output says what became of it; exit status 0 is all well, 1 is not, 2 a wrong call. In
// place of the CID it takes a folder, for tests of its own: as the caller does.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "guest/peer.h"

namespace {

using namespace notifyspec;  // NOLINT: this file is the program

constexpr int kPatienceMs = 30'000;  // with a peer that says nothing at all

struct Load {
  int type = SOCK_STREAM;
  std::uint32_t connections = 0, messages = 0, bytes = 0;

  std::uint64_t of_each() const { return std::uint64_t{messages} * bytes; }
};

/// Fills `bytes` with what stands at `place` of that connection. The factors are odd in their upper bytes,
/// too, so that both a step within a connection and one to another changes what the upper byte of the sum is.
void fill(std::span<char> bytes, std::uint64_t connection, std::uint64_t place) {
  constexpr std::uint64_t kByPlace = 0x9F3779B97F4A7C15U, kByConnection = 0xD1B54A32D192ED03U;
  std::uint64_t sum = place * kByPlace + connection * kByConnection;
  for (char& byte : bytes) {
    byte = static_cast<char>(sum >> 56U);
    sum += kByPlace;
  }
}

/// A sentence about what went wrong, or nothing.
using Trouble = std::optional<std::string>;

std::string on(std::size_t connection, const std::string& what) {
  return "connection " + std::to_string(connection) + ": " + what;
}

/// One connection as it is read. Move-only.
class Lane {
 public:
  Lane(os::UniqueFd fd, std::size_t number) : fd_(std::move(fd)), number_(number) {}

  int fd() const { return fd_.get(); }
  bool whole() const { return whole_; }  ///< all has come back
  bool done() const { return done_; }    ///< and the peer has ended

  /// Reads once.
  Trouble read(const Load& load, std::vector<char>& buffer, std::vector<char>& expected) {
    const bool packets = load.type == SOCK_SEQPACKET;
    const ssize_t length = recv(fd(), buffer.data(), buffer.size(), packets ? MSG_TRUNC : 0);
    if (length < 0 && errno == EINTR) return std::nullopt;
    if (length < 0) return on(number_, std::string("recv: ") + std::strerror(errno));
    const auto count = static_cast<std::size_t>(length);
    if (count == 0 && received_ < load.of_each())
      return on(number_, "ended after " + std::to_string(received_) + " bytes");
    if (count == 0) {
      done_ = true;
      return std::nullopt;
    }
    if (received_ + count > load.of_each()) return on(number_, "more came back than was sent");
    if (packets && count != load.bytes)
      return on(number_, "a message of " + std::to_string(count) + " bytes came back");
    const std::span wanted(expected.data(), count);
    fill(wanted, number_, received_);
    if (!std::ranges::equal(wanted, std::span(buffer.data(), count)))
      return on(number_, "not what was sent, within " + std::to_string(count) + " bytes from byte " +
                             std::to_string(received_));
    received_ += count;
    whole_ = received_ == load.of_each();
    return std::nullopt;
  }

 private:
  os::UniqueFd fd_;
  std::size_t number_;
  std::uint64_t received_ = 0;
  bool whole_ = false, done_ = false;
};

/// Sends, while another thread reads: a message over SEQPACKET is whole only where send() may wait.
void send_all_of(const Load& load, std::span<const Lane> lanes, std::atomic<int>& error) {
  std::vector<char> message(load.bytes);
  for (std::uint64_t i = 0; i < load.messages; ++i) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      fill(message, lane, i * load.bytes);
      const int met = guest::send_all(lanes[lane].fd(), {message.data(), message.size()});
      if (met == 0) continue;
      error = met;
      return;
    }
  }
}

Trouble read_back(const Load& load, std::span<Lane> lanes) {
  constexpr std::size_t kChunk = std::size_t{1} << 16U;
  std::vector<char> buffer(std::max<std::size_t>(kChunk, load.bytes)), expected(buffer.size());
  std::vector<pollfd> watched;
  for (const Lane& lane : lanes) watched.push_back({.fd = lane.fd(), .events = POLLIN, .revents = 0});
  bool ended = false;
  for (std::size_t left = lanes.size(); left > 0;) {
    const int n_ready = poll(watched.data(), watched.size(), kPatienceMs);
    if (n_ready < 0 && errno == EINTR) continue;
    if (n_ready < 0) return std::string("poll: ") + std::strerror(errno);
    if (n_ready == 0) return std::to_string(left) + " connections bring nothing more";
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (watched[i].revents == 0) continue;
      if (auto trouble = lanes[i].read(load, buffer, expected)) return trouble;
      if (!lanes[i].done()) continue;
      watched[i].fd = -1;  // poll() passes it over
      --left;
    }
    // None ends before all are whole, so that all are open at the same time, on the other side, too.
    if (ended || !std::ranges::all_of(lanes, &Lane::whole)) continue;
    ended = true;
    for (const Lane& lane : lanes) {
      if (shutdown(lane.fd(), SHUT_WR) != 0) return std::string("shutdown: ") + std::strerror(errno);
    }
  }
  return std::nullopt;
}

Trouble carry(const Load& load, std::string_view host, std::string_view port) {
  const auto address = guest::peer_at(host, port, load.type);
  if (!address) return "no such address";
  std::vector<Lane> lanes;
  for (std::size_t i = 0; i < load.connections; ++i) {
    os::UniqueFd fd;
    if (const int met = guest::connect_to(*address, fd); met != 0)
      return on(i, std::string("connect: ") + std::strerror(met));
    lanes.emplace_back(std::move(fd), i);
  }
  std::atomic<int> error = 0;
  std::thread sender(send_all_of, std::cref(load), std::span<const Lane>(lanes), std::ref(error));
  Trouble trouble = read_back(load, lanes);
  if (trouble) {
    for (const Lane& lane : lanes) (void)shutdown(lane.fd(), SHUT_RDWR);  // whoever still sends is let go
  }
  sender.join();
  if (trouble && error != 0) *trouble += std::string(" (send: ") + std::strerror(error) + ')';
  return trouble;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  constexpr std::size_t kWords = 7;
  Load load;
  bool understood = words.size() == kWords && (words[3] == "stream" || words[3] == "seqpacket");
  if (understood) {
    load.type = words[3] == "stream" ? SOCK_STREAM : SOCK_SEQPACKET;
    std::uint32_t* const numbers[] = {&load.connections, &load.messages, &load.bytes};
    for (std::size_t i = 0; i < std::size(numbers); ++i) {
      *numbers[i] = guest::parse_number(words[4 + i]).value_or(0);
      understood = understood && *numbers[i] > 0;
    }
  }
  if (!understood) {
    std::fprintf(stderr, "Usage: courier CID PORT stream|seqpacket CONNECTIONS MESSAGES BYTES\n");
    return 2;
  }
  if (const auto trouble = carry(load, words[1], words[2])) {
    std::printf("%s\n", trouble->c_str());
    return 1;
  }
  std::printf("all came back\n");
  return 0;
}
