// notifyspec receive: the reference receiver, an adapter that speaks JSON lines on standard input and output.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/bug_name.h"
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
  explicit ReceiverAdapter(const Receiver& receiver) : receiver_(receiver) {}

  ExitCode serve();

 private:
  Done take(const Request& request);
  Done start(const Request& request) const;
  Done listen(const Request& request);
  Done act(const Request& request);
  Done collect(const Request& request);
  Done wait() const;

  Receiver receiver_;
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
    if (host_ && host_->is_eager()) {
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
  const bool eager = host_ && host_->is_eager();
  const std::array<int, 2> fds = {STDIN_FILENO, eager ? host_->fd() : STDIN_FILENO};
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
  const std::string_view what = named_after(receiver_.bug.name, receiver_.profile.name);
  return answer(request, {{"name", "notifyspec receive " + std::string(what)},
                          {"version", NOTIFYSPEC_VERSION},
                          {"role", "receiver"},
                          {"transports", {"unix-dgram"}}});
}

Done ReceiverAdapter::listen(const Request& request) {
  host_.reset();
  auto asked = parse_listen_request(request.members);
  if (!asked) return answer_unsupported(request, asked.error());
  if (receiver_.bug.told != nullptr) receiver_.bug.told({asked->settings, asked->processes});
  auto host = ServiceHost::listen(receiver_, asked->settings, std::move(asked->processes), n_services_++);
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

ExitCode receive(const Receiver& receiver) {
  os::ignore_write_signals();
  os::raise_fd_limit();
  return ReceiverAdapter(receiver).serve();
}

/// The correct one, or a variant of it.
Receiver with_bug(const std::string& name) {
  Receiver receiver = {.profile = correct_receiver()};
  receiver.bug = name == kNoBug ? ReceiverBug{.name = kNoBug, .what = ""} : *find_receiver_bug(name);
  if (receiver.bug.answers != nullptr) receiver.bug.answers(receiver.profile);
  return receiver;
}

std::vector<std::string> bug_names() {
  std::vector<std::string> names = {std::string(kNoBug)};
  for (const ReceiverBug* bug : receiver_bugs()) names.emplace_back(bug->name);
  return names;
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
  const auto bug = std::make_shared<std::string>();
  command
      ->add_option("--bug", *bug,
                   "Have this bug (`notifyspec list bugs`), or none and be as every vector has it")
      ->check(BugName(bug_names()))
      ->excludes("--profile");
  command->footer(
      "Requests: start, listen, act, collect, stop; fixtures/README.md has them.\n"
      "Exit status: 0 stopped, or input at its end; 2 a request that is none; 5 it cannot listen or answer.");
  command->callback([profile, bug, &code] {
    const auto followed = model::find_profile(*profile);
    if (!followed) {
      code = complain(ExitCode::kUsage, "no profile " + *profile);
    } else {
      code = receive(bug->empty() ? Receiver{.profile = *followed} : with_bug(*bug));
    }
  });
}

}  // namespace notifyspec::cli
