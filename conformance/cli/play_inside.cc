#include "cli/play_inside.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include "cli/cast.h"
#include "cli/complaint.h"
#include "cli/playing.h"
#include "os/byte_stream.h"
#include "os/clock.h"
#include "os/command.h"
#include "os/listening_socket.h"
#include "os/turn.h"
#include "os/watched_pipes.h"
#include "wire/endpoint.h"

namespace notifyspec::cli {
namespace {

using Line = nlohmann::ordered_json;
// A manager that starts hundreds of services on a small machine is slow, and is not to be blamed for it.
constexpr std::int64_t kPatienceUsec = 120'000'000;
// A manager may leave the closing of fds to somebody else, so that it comes a little later than the rest.
constexpr std::int64_t kClosingUsec = 5'000'000;

/// What a manager sends to a service that it wants to end, and to one that it wants to reload: this one
/// stays.
/// A request to reload is kept for reload(), and has a handler: systemd 262 looks whether there is one.
void stay() {
  for (const int signal : {SIGABRT, SIGTERM, SIGINT, SIGPIPE}) std::signal(signal, SIG_IGN);
  std::signal(SIGHUP, [](int) {});
  sigset_t hangup;
  sigemptyset(&hangup);
  sigaddset(&hangup, SIGHUP);
  sigprocmask(SIG_BLOCK, &hangup, nullptr);
}

std::expected<os::SocketAddress, std::string> address_of(const std::string& text) {
  const auto endpoint = wire::parse_endpoint(text);
  const auto* const local = endpoint ? std::get_if<wire::UnixEndpoint>(&*endpoint) : nullptr;
  if (local == nullptr) return std::unexpected(fmt::format("{}: is no AF_UNIX address", text));
  return os::to_socket_address(local->address);
}

/// Why a vector has not been played to its end: for a fault of ours, or since the manager does not go on.
struct Trouble {
  const char* kind;
  std::string reason;
};
constexpr const char* kFailure = "failure";
constexpr const char* kHang = "hang";
using Played = std::expected<void, Trouble>;

Played failure(std::string reason) {
  return std::unexpected(Trouble{kFailure, std::move(reason)});
}

/// Asks for a reload, and waits until the manager tells this process of it.
Played reload(const std::string& command) {
  std::istringstream text(command);
  const std::vector<std::string> words(std::istream_iterator<std::string>(text), {});
  if (words.empty()) return failure("nobody here can ask for a reload");
  sigset_t hangup;
  sigemptyset(&hangup);
  sigaddset(&hangup, SIGHUP);
  const auto status = os::run_command(words);
  if (!status) return failure(status.error().reason);
  if (*status != 0) return failure(fmt::format("asking for a reload failed with {}", *status));
  const timespec patience = {.tv_sec = kPatienceUsec / 1'000'000, .tv_nsec = 0};
  if (sigtimedwait(&hangup, nullptr, &patience) == SIGHUP) return {};
  return std::unexpected(Trouble{kHang, "no reload came of it"});
}

/// All steps, and a last barrier, behind which everything has been processed.
Played play_all(Playing& playing, const InsidePlay& play, const os::SocketAddress& to) {
  while (true) {
    const auto pause = playing.go_on();
    if (!pause) return failure(pause.error().reason);
    if (*pause == Pause::kNone) break;
    if (*pause == Pause::kBarrier) playing.await_barrier(os::monotonic_usec() + kPatienceUsec);
    if (*pause == Pause::kReload)
      if (auto reloaded = reload(play.reload); !reloaded) return reloaded;
  }
  os::WatchedPipes last;
  {
    const auto end = last.add(1);
    if (!end) return failure(end.error().reason);
    const int fd = end->front().get();
    const auto sent = os::send_once(to, "BARRIER=1", std::span(&fd, 1), 0);
    if (!sent) return failure(sent.error().reason);
  }
  if (last.await_closed(0, os::monotonic_usec() + kPatienceUsec)) return {};
  return std::unexpected(Trouble{kHang, "the receiver does not come to an end with what it was sent"});
}

Line play(const verdict::Vector& vector, const InsidePlay& play, std::optional<Cast>& cast,
          std::optional<Playing>& playing) {
  Line line{{"vector", vector.id}};
  const auto to = address_of(play.address);
  auto made = Cast::make(roles_in(vector), play.stranger_cgroup);
  if (!to || !made) {
    line[kFailure] = !to ? to.error() : made.error().reason;
    return line;
  }
  // Hundreds that speak at once would keep each other's words waiting, and that would be taken for silence.
  auto turn = os::wait_for_turn(play.turn);
  if (!turn) {
    line[kFailure] = turn.error().reason;
    return line;
  }
  cast.emplace(std::move(*made));
  line["processes"] = cast->pids();
  playing.emplace(vector, *cast, *to, true);
  const Played played = play_all(*playing, play, *to);
  *turn = os::UniqueFd();
  playing->await_fds(os::monotonic_usec() + kClosingUsec);
  line["fds_open"] = std::to_string(playing->fds_open());
  line["barriers"] = playing->barriers();
  if (!played) line[played.error().kind] = played.error().reason;
  return line;
}

}  // namespace

ExitCode play_inside(const verdict::Vector& vector, const InsidePlay& inside) {
  stay();
  os::raise_fd_limit();
  // Both stay as long as this process: their end would tell the manager something.
  std::optional<Cast> cast;
  std::optional<Playing> playing;
  const Line line = play(vector, inside, cast, playing);
  const auto sink = os::ByteSink::append(inside.result);
  // One write, so that many may write into one FIFO.
  const auto written = sink ? sink->write(line.dump() + '\n') : std::unexpected(sink.error());
  if (!written) return complain(ExitCode::kEnvironment, written.error().reason);
  while (true) pause();
}

}  // namespace notifyspec::cli
