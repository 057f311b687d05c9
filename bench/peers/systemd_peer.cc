// A contestant that is systemd itself: what its libsystemd-shared exports (fuzz/systemd_calls.h), in the root
// of its image.
//
// usage: systemd-peer LIBRARY [--without-pidfd]     (requests and answers: bench/peer.py)
//
// "split" is strv_split_newlines_full(), and strv_free() of what it allocates. "receive" is what a loop of
// systemd does from 258 on: epoll_wait(), then notify_recv_with_fds_strv(), which takes one datagram with one
// recvmsg() and splits it, and then the freeing of lines, pidref and fds. The socket asks for what PID 1 asks
// for: SO_PASSCRED and SO_PASSPIDFD; and the function has room for both and for SCM_RIGHTS. --without-pidfd
// leaves SO_PASSPIDFD out. The bookkeeping of sd-event is left out, and so is what PID 1 does with a line:
// both in its favour.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "os/controls.h"
#include "os/unique_fd.h"
#include "systemd_calls.h"
#include "unfit.h"
#include "words.h"

namespace {

using namespace notifyspec;
using fuzz::SystemdCalls;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
using Messages = std::vector<std::string>;

constexpr int kUsage = 2, kEnvironment = 5;
constexpr std::size_t kPidrefRoom = 8;  // words: more than any version's PidRef has

struct Answer {
  std::chrono::nanoseconds took{};
  std::size_t lines = 0;
};

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

/// How many there are; frees them.
std::size_t count(const SystemdCalls& calls, char** lines) {
  std::size_t n = 0;
  while (lines != nullptr && lines[n] != nullptr) ++n;
  calls.free_lines(lines);
  return n;
}

Answer split(const SystemdCalls& calls, const Messages& messages, std::uint64_t times) {
  Answer answer;
  const auto begin = Clock::now();
  for (std::uint64_t i = 0; i < times; ++i) {
    for (const std::string& text : messages) {
      char** lines = nullptr;
      if (calls.split(&lines, text.c_str(), 0) >= 0) answer.lines += count(calls, lines);
    }
  }
  answer.took = Clock::now() - begin;
  return answer;
}

/// A socket that hears itself, in an event loop.
class Loop {
 public:
  explicit Loop(bool with_pidfd)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
        sender_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    set(SO_PASSCRED, "SO_PASSCRED");
    if (with_pidfd) set(os::kPassPidfd, "SO_PASSPIDFD");
    const std::string name = "notifyspec/bench/systemd/" + std::to_string(::getpid());
    sockaddr_un here = {.sun_family = AF_UNIX, .sun_path = {}};
    name.copy(here.sun_path + 1, name.size());
    const auto* const address = reinterpret_cast<const sockaddr*>(&here);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    require(::bind(socket_.get(), address, length) == 0, "cannot bind");
    require(::connect(sender_.get(), address, length) == 0, "cannot connect");
    epoll_event interest = {.events = EPOLLIN, .data = {}};
    require(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket_.get(), &interest) == 0, "cannot watch");
  }

  void send(std::string_view bytes) const {
    require(::send(sender_.get(), bytes.data(), bytes.size(), 0) >= 0,
            "cannot send: is net.unix.max_dgram_qlen less than the burst?");
  }

  /// One datagram; says how many lines it has. One that systemd refuses has none.
  std::size_t receive(const SystemdCalls& calls) const {
    epoll_event event;
    require(::epoll_wait(epoll_.get(), &event, 1, -1) == 1, "cannot wait");
    char** lines = nullptr;
    ucred sender;
    std::array<std::max_align_t, kPidrefRoom> pidref = {};
    void* fds = nullptr;
    if (calls.receive(socket_.get(), &lines, &sender, &pidref, &fds) < 0) return 0;
    calls.close_fds(fds);
    calls.close_pidref(&pidref);
    return count(calls, lines);
  }

 private:
  void set(int option, const char* name) const {
    const int yes = 1;
    const bool done = ::setsockopt(socket_.get(), SOL_SOCKET, option, &yes, sizeof yes) == 0;
    if (!done && errno == ENOPROTOOPT) throw bench::Unfit(std::string("this kernel has no ") + name);
    require(done, name);
  }

  os::UniqueFd socket_, sender_, epoll_;
};

Answer receive(const SystemdCalls& calls, const Loop& loop, const Messages& messages, std::uint64_t times) {
  const char* const said = std::getenv("NOTIFYSPEC_BURST");
  const std::uint64_t most = said == nullptr ? 8 : std::strtoull(said, nullptr, 10);
  Answer answer;
  std::size_t next = 0;
  for (std::uint64_t left = times * messages.size(); left > 0;) {
    const std::uint64_t burst = std::min(most, left);
    for (std::uint64_t i = 0; i < burst; ++i) {
      loop.send(messages[next]);
      next = (next + 1) % messages.size();
    }
    const auto begin = Clock::now();
    for (std::uint64_t i = 0; i < burst; ++i) answer.lines += loop.receive(calls);
    answer.took += Clock::now() - begin;
    left -= burst;
  }
  return answer;
}

/// Who receives; or why nobody can.
struct Receiving {
  std::optional<Loop> loop;
  std::string why_not = "its library exports nothing for that";
};

Receiving receiving(const SystemdCalls& calls, bool with_pidfd) {
  Receiving made;
  if (calls.receive != nullptr) try {
      made.loop.emplace(with_pidfd);
    } catch (const bench::Unfit& unfit) {
      made.why_not = unfit.what();
    }
  return made;
}

Json answer(const SystemdCalls& calls, const Receiving& receiving, const Json& request) {
  const auto task = request.at("task").get<std::string>();
  const auto times = request.at("count").get<std::uint64_t>();
  const auto messages = bench::decode_words(request.at("payload").get<std::string>());
  if (!messages) return {{"unsupported", "no base64"}};
  Answer done;
  if (task == "split")
    done = split(calls, *messages, times);
  else if (task == "receive" && receiving.loop)
    done = receive(calls, *receiving.loop, *messages, times);
  else
    return {{"unsupported", task == "receive" ? receiving.why_not : "it has no such task"}};
  return {{"ns", done.took.count()}, {"lines", done.lines}, {"known", 0}};
}

}  // namespace

int main(int argc, char** argv) try {
  const bool with_pidfd = argc == 2;
  if (argc < 2 || (!with_pidfd && std::string_view(argv[2]) != "--without-pidfd")) {
    std::fprintf(stderr, "usage: systemd-peer LIBRARY [--without-pidfd]\n");
    return kUsage;
  }
  const auto calls = SystemdCalls::open(argv[1]);
  if (!calls) throw std::runtime_error(calls.error());
  const Receiving made = receiving(*calls, with_pidfd);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer(*calls, made, Json::parse(line)) << '\n' << std::flush;
} catch (const std::exception& error) {
  std::fprintf(stderr, "systemd-peer: %s\n", error.what());
  return kEnvironment;
}
