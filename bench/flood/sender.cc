// A flood, as a supervisor fears it: one sender that sends as fast as it can and never waits, and beside it
// one that behaves, says READY=1 once in a while and waits by a barrier until that was handled.
//
// usage: flood-sender MESSAGES SECONDS [--watch]     ($NOTIFY_SOCKET: AF_UNIX)
// The flood ends when MESSAGES were accepted, or after SECONDS. Each has the time of its sending in it
// (CLOCK_MONOTONIC). The behaved sender first waits for a while alone, for comparison. On standard output,
// times in nanoseconds:
// {"sent": accepted,"refused": the queue was full,"ns": of the flood,"polite": messages of the other sender,
//  "alone": [waits before the flood],"beside": [waits during it],
//  "taken": [from the sending of each message until its receiver took it from the queue]}
// The last with --watch alone (taken.h): it makes the flood somewhat slower.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "os/message.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"
#include "stamp.h"
#include "taken.h"
#include "wire/address.h"

namespace {

using namespace notifyspec;
using std::chrono::nanoseconds;

constexpr int kUsage = 2, kEnvironment = 5;
constexpr int kPatienceMs = 20'000;
constexpr int kAlone = 200;
constexpr auto kPause = std::chrono::milliseconds(2);  // how often it speaks; nothing waits for this
constexpr std::uint64_t kRound = 256;                  // messages between two looks at the time

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

os::UniqueFd connected(const wire::UnixAddress& to, int flags) {
  os::UniqueFd out(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | flags, 0));
  require(static_cast<bool>(out), "cannot make a socket");
  const os::SocketAddress address = os::to_socket_address(to);
  require(::connect(out.get(), address.get(), address.length) == 0, "cannot connect");
  return out;
}

struct Flood {
  Flood(const wire::UnixAddress& to, bool watched) : socket(connected(to, SOCK_NONBLOCK)) {
    std::array<char, bench::kStampRoom> buffer;
    if (watched) taken.emplace(socket.get(), bench::stamped(buffer, bench::now_nsec()));
  }

  void send_one() {
    std::array<char, bench::kStampRoom> buffer;
    const std::int64_t now = bench::now_nsec();
    if (os::send_message(socket.get(), nullptr, bench::stamped(buffer, now), {}) >= 0) {
      ++sent;
      if (taken) taken->accepted(now);
    } else {
      require(errno == EAGAIN, "cannot send");
      ++refused;
    }
    if (taken) taken->look();
  }

  void run(std::uint64_t messages, std::chrono::seconds most) {
    const std::int64_t begin = bench::now_nsec();
    while (sent < messages && took < most) {
      for (std::uint64_t i = 0; i < kRound && sent < messages; ++i) send_one();
      took = nanoseconds(bench::now_nsec() - begin);
    }
  }

  os::UniqueFd socket;
  std::optional<bench::Taken> taken;
  std::uint64_t sent = 0, refused = 0;
  nanoseconds took{};
};

/// Its socket blocks, as that of sd_notify(3) does.
class Polite {
 public:
  explicit Polite(const wire::UnixAddress& to) : socket_(connected(to, 0)) {}

  /// One READY=1, and how long it takes until it was handled, nanoseconds.
  std::int64_t wait() {
    std::array<int, 2> ends;
    require(::pipe2(ends.data(), O_CLOEXEC) == 0, "cannot make a pipe");
    const os::UniqueFd ours(ends[0]);
    os::UniqueFd theirs(ends[1]);
    const std::int64_t begin = bench::now_nsec();
    send("READY=1", {});
    send("BARRIER=1", {&ends[1], 1});
    theirs = os::UniqueFd();
    pollfd end = {.fd = ours.get(), .events = 0, .revents = 0};
    errno = ETIMEDOUT;
    require(::poll(&end, 1, kPatienceMs) == 1, "the barrier stays open");
    return bench::now_nsec() - begin;
  }
  std::uint64_t sent() const { return sent_; }

  void send(std::string_view message, std::span<const int> fds) {
    require(os::send_message(socket_.get(), nullptr, message, fds) >= 0, "cannot send");
    ++sent_;
  }

 private:
  os::UniqueFd socket_;
  std::uint64_t sent_ = 0;
};

std::string list(const std::vector<std::int64_t>& numbers) {
  std::string out;
  for (const std::int64_t number : numbers) out += (out.empty() ? "" : ",") + std::to_string(number);
  return "[" + out + "]";
}

void run(const wire::UnixAddress& to, std::uint64_t messages, std::chrono::seconds most, bool watched) {
  Polite polite(to);
  std::vector<std::int64_t> alone, beside;
  for (int i = 0; i < kAlone; ++i) {
    alone.push_back(polite.wait());
    std::this_thread::sleep_for(kPause);
  }
  Flood flood(to, watched);
  std::atomic<bool> is_over = false;
  std::exception_ptr failure;
  std::thread flooding([&] {
    try {
      flood.run(messages, most);
    } catch (...) {
      failure = std::current_exception();
    }
    is_over = true;
  });
  try {
    while (!is_over) {
      beside.push_back(polite.wait());
      std::this_thread::sleep_for(kPause);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "flood-sender: %s\n", error.what());
    std::_Exit(kEnvironment);  // the other thread is still at it
  }
  flooding.join();
  if (failure) std::rethrow_exception(failure);
  if (flood.taken) {
    polite.wait();  // behind all that was accepted: what waits then will wait for ever
    flood.taken->look();
  }
  polite.send(bench::kOver, {});
  const std::string taken = flood.taken ? ",\"taken\":" + list(flood.taken->latencies()) : "";
  std::printf("{\"sent\":%ju,\"refused\":%ju,\"ns\":%jd,\"polite\":%ju,\"alone\":%s,\"beside\":%s%s}\n",
              std::uintmax_t{flood.sent}, std::uintmax_t{flood.refused}, std::intmax_t{flood.took.count()},
              std::uintmax_t{polite.sent()}, list(alone).c_str(), list(beside).c_str(), taken.c_str());
}

bool read(const char* text, std::uint64_t& number) {
  const char* const end = text + std::strlen(text);
  return std::from_chars(text, end, number).ptr == end && number > 0;
}

}  // namespace

int main(int argc, char** argv) try {
  const char* const name = std::getenv("NOTIFY_SOCKET");
  const auto address = wire::parse_notify_socket(name == nullptr ? "" : name);
  const auto* const local = address ? std::get_if<wire::UnixAddress>(&*address) : nullptr;
  std::uint64_t messages = 0, seconds = 0;
  const bool watched = argc == 4 && argv[3] == std::string_view("--watch");
  if ((argc != 3 && !watched) || local == nullptr || !read(argv[1], messages) || !read(argv[2], seconds)) {
    std::fprintf(stderr, "usage: flood-sender MESSAGES SECONDS [--watch]     ($NOTIFY_SOCKET: AF_UNIX)\n");
    return kUsage;
  }
  run(*local, messages, std::chrono::seconds(seconds), watched);
} catch (const std::exception& error) {
  std::fprintf(stderr, "flood-sender: %s\n", error.what());
  return kEnvironment;
}
