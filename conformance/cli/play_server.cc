#include "cli/play_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "cli/cast.h"
#include "cli/complaint.h"
#include "cli/playing.h"
#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "os/clock.h"
#include "os/listening_socket.h"
#include "wire/endpoint.h"

namespace notifyspec::cli {
namespace {

using Json = nlohmann::ordered_json;

Json unsupported(const std::string& reason) {
  return {{"unsupported", reason}};
}

class PlayServer {
 public:
  PlayServer(std::span<const verdict::Vector> vectors, Cast cast)
      : vectors_(vectors), cast_(std::move(cast)) {}

  /// The answer, without `seq`.
  Json answer(const Json& request) {
    const std::string what = request.value("do", "");
    if (what == "start") return {{"processes", cast_.pids()}};
    if (what == "play") return play(request.value("vector", ""), request.value("address", ""));
    if (what == "go-on" && playing_) return go_on();
    if (what == "look" && playing_) return look();
    if (what == "stop") return Json::object();
    return unsupported(fmt::format("\"{}\" is nothing that can be asked now", what));
  }

 private:
  Json play(const std::string& id, const std::string& address) {
    playing_.reset();
    const auto vector = std::ranges::find(vectors_, id, &verdict::Vector::id);
    if (vector == vectors_.end()) return unsupported(fmt::format("there is no vector \"{}\"", id));
    if (vector->role != "receiver") return unsupported(fmt::format("\"{}\" is not for a receiver", id));
    const auto endpoint = wire::parse_endpoint(address);
    const auto* const local = endpoint ? std::get_if<wire::UnixEndpoint>(&*endpoint) : nullptr;
    if (local == nullptr || local->type != wire::SocketType::kDgram)
      return unsupported(fmt::format("\"{}\" is no AF_UNIX address of datagrams", address));
    playing_.emplace(*vector, cast_, os::to_socket_address(local->address), false);
    return play_on();
  }

  Json go_on() {
    // Whoever says so has had the receiver process what it was sent: what is still open then, it keeps.
    if (pause_ == Pause::kBarrier) playing_->await_barrier(os::monotonic_usec());
    return play_on();
  }

  Json play_on() {
    const auto pause = playing_->go_on();
    if (!pause && pause.error().code == ENOTSUP) return unsupported(pause.error().reason);
    // Whose socket is not there has closed it, or never had one: no failure of ours.
    if (!pause && (pause.error().code == ECONNREFUSED || pause.error().code == ENOENT))
      return {{"gone", pause.error().reason}};
    if (!pause && pause.error().code == EACCES)
      return unsupported("not every user that is to send can reach its socket (" + pause.error().reason +
                         "): let others search its folder and write to it");
    if (!pause) return {{"failed", pause.error().reason}};
    pause_ = *pause;
    Json out = {{"pause", name(*pause)}};
    // Whoever waits for the receiver learns whether it takes anything at all.
    if (*pause == Pause::kFull) out["sent"] = playing_->n_sent();
    return out;
  }

  Json look() {
    Json out = {{"fds_open", std::to_string(playing_->fds_open())}, {"barriers", playing_->barriers()}};
    playing_.reset();
    return out;
  }

  std::span<const verdict::Vector> vectors_;
  Cast cast_;
  std::optional<Playing> playing_;
  Pause pause_ = Pause::kNone;
};

/// All roles; without privilege nobody plays the one of another user.
std::expected<Cast, os::OsError> whole_cast() {
  auto cast = Cast::make({"child", "stranger", "other-uid"}, "");
  if (cast || cast.error().code != EPERM) return cast;
  return Cast::make({"child", "stranger"}, "");
}

}  // namespace

ExitCode serve_plays(std::span<const verdict::Vector> vectors) {
  os::raise_fd_limit();
  auto cast = whole_cast();
  if (!cast) return complain(ExitCode::kEnvironment, cast.error().reason);
  PlayServer server(vectors, std::move(*cast));
  LineReader lines(os::ByteSource::standard_input(), "standard input");
  const auto out = os::ByteSink::standard_output();
  std::string_view line;
  while (true) {
    const auto more = lines.next(line);
    if (!more) return complain(ExitCode::kUsage, more.error().message());
    if (!*more) return ExitCode::kConforms;
    const Json request = Json::parse(line, nullptr, false);
    if (!request.is_object() || !request.contains("seq"))
      return complain(ExitCode::kUsage, lines.failure("is no request: no object with \"seq\"").message());
    Json answer = {{"seq", request["seq"]}};
    answer.update(server.answer(request));
    if (const auto said = out.write(answer.dump() + '\n'); !said)
      return complain(ExitCode::kEnvironment, said.error().reason);
    if (request.value("do", "") == "stop") return ExitCode::kConforms;
  }
}

}  // namespace notifyspec::cli
