// notifyspec receive: the reference receiver, an adapter that speaks JSON lines on standard input and output.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/listen_request.h"
#include "cli/requests.h"
#include "cli/service_host.h"
#include "cli/subcommands.h"
#include "os/byte_stream.h"
#include "os/clock.h"
#include "os/listening_socket.h"
#include "os/termination.h"
#include "os/waiting.h"

namespace notifyspec::cli {
namespace {

using Done = std::expected<void, os::OsError>;

/// One conversation: at most one service at a time, each `listen` begins anew.
class ReceiverAdapter {
 public:
  explicit ReceiverAdapter(const model::Profile& profile) : profile_(profile) {}

  ExitCode serve();

 private:
  Done take(const Request& request);
  Done start(const Request& request) const;
  Done listen(const Request& request);
  Done act(const Request& request);
  Done collect(const Request& request);
  Done wait() const;

  model::Profile profile_;
  Requests requests_{os::ByteSource::standard_input()};
  std::unique_ptr<ServiceHost> host_;
  std::size_t n_services_ = 0;
  bool stopped_ = false;
};

ExitCode ReceiverAdapter::serve() {
  bool more = true;
  while (!stopped_) {
    auto request = requests_.take();
    if (!request) return complain(ExitCode::kUsage, request.error());
    if (const auto& asked = *request) {
      if (const auto done = take(*asked); !done) return complain(ExitCode::kEnvironment, done.error().reason);
      continue;
    }
    if (!more) return ExitCode::kConforms;
    if (const auto done = wait(); !done) return complain(ExitCode::kEnvironment, done.error().reason);
    // Datagrams first: who sends them and then asks must find them taken.
    if (host_) {
      if (const auto done = host_->take_all(); !done)
        return complain(ExitCode::kEnvironment, done.error().reason);
    }
    if (!os::is_readable(STDIN_FILENO)) continue;
    const auto filled = requests_.fill();
    if (!filled) return complain(ExitCode::kUsage, filled.error());
    more = *filled;
  }
  return ExitCode::kConforms;
}

Done ReceiverAdapter::wait() const {
  const std::array<int, 2> fds = {STDIN_FILENO, host_ ? host_->fd() : STDIN_FILENO};
  return os::wait_readable(fds, std::nullopt);
}

Done ReceiverAdapter::take(const Request& request) {
  if (request.what == "start") return start(request);
  if (request.what == "listen") return listen(request);
  if (request.what == "stop") {
    stopped_ = true;
    return answer(request, Json::object());
  }
  if (request.what == "act" || request.what == "collect") {
    if (!host_) return answer_unsupported(request, request.what + " before listen");
    if (auto done = host_->take_all(); !done) return done;
    return request.what == "act" ? act(request) : collect(request);
  }
  return answer_unsupported(request, "unknown request " + request.what);
}

Done ReceiverAdapter::start(const Request& request) const {
  return answer(request, {{"name", "notifyspec receive " + std::string(profile_.name)},
                          {"version", NOTIFYSPEC_VERSION},
                          {"role", "receiver"},
                          {"transports", {"unix-dgram"}}});
}

Done ReceiverAdapter::listen(const Request& request) {
  host_.reset();
  auto asked = parse_listen_request(request.members);
  if (!asked) return answer_unsupported(request, asked.error());
  auto host = ServiceHost::listen(profile_, asked->settings, std::move(asked->processes), n_services_++);
  if (!host) return std::unexpected(std::move(host.error()));
  host_ = std::move(*host);
  return answer(request, {{"address", host_->address()}});
}

Done ReceiverAdapter::act(const Request& request) {
  const auto action = request.members.find("action");
  if (action == request.members.end() || *action != "reload")
    return answer_unsupported(request, "unknown action");
  host_->service().ask_reload(static_cast<std::uint64_t>(os::monotonic_usec()));
  return answer(request, Json::object());
}

Done ReceiverAdapter::collect(const Request& request) {
  Json conclusion = Json::object();
  for (const auto& [member, value] : host_->service().conclude()) conclusion[std::string(member)] = value;
  return answer(request, {{"conclusion", std::move(conclusion)}});
}

ExitCode receive(const std::string& name) {
  const auto profile = model::find_profile(name);
  if (!profile) return complain(ExitCode::kUsage, "no profile " + name);
  os::ignore_write_signals();
  os::raise_fd_limit();
  return ReceiverAdapter(*profile).serve();
}

}  // namespace

void add_receive(CLI::App& app, ExitCode& code) {
  const auto profile = std::make_shared<std::string>("documented");
  CLI::App* const command =
      app.add_subcommand("receive", "Be a receiver: the reference, an adapter that is driven by JSON lines");
  const auto known = model::profile_names();
  command->add_option("--profile", *profile, "What to be: as the documents have it, or as one systemd is")
      ->check(CLI::IsMember(std::vector<std::string>(known.begin(), known.end())))
      ->capture_default_str();
  command->footer(
      "Requests: start, listen, act, collect, stop; fixtures/README.md has them.\n"
      "Exit status: 0 stopped, or input at its end; 2 a request that is none; 5 it cannot listen or answer.");
  command->callback([profile, &code] { code = receive(*profile); });
}

}  // namespace notifyspec::cli
