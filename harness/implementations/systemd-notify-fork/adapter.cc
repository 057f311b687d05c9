// The adapter of systemd-notify --fork, as it is found in $PATH: it is the receiver of one child's messages,
// and ends with READY=1.
//
// Whether it still listens is all that can be seen of it. See child.h for how messages come to it.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "child.h"
#include "cli/complaint.h"
#include "cli/requests.h"
#include "os/error.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"

extern char** environ;

namespace notifyspec::fork_adapter {
namespace {

using cli::Json;
using os::UniqueFd;

/// One systemd-notify --fork, with its child; both end with it.
class Waiting {
 public:
  static std::expected<std::unique_ptr<Waiting>, os::OsError> start(long main_pid, unsigned number) {
    const std::string name = fmt::format("notifyspec/fork/{}/{}", ::getpid(), number);
    std::unique_ptr<Waiting> one(new Waiting(name));
    if (auto error = one->open(main_pid)) return std::unexpected(*error);
    return one;
  }

  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    connection_ = UniqueFd();  // the child ends, and so does who waits for it
    status();
  }

  const std::string& address() const { return name_; }

  /// What the child says once all that came has been taken; empty where it has died.
  std::string ask() const {
    constexpr char kAny = '?';
    if (::send(connection_.get(), &kAny, sizeof kAny, MSG_NOSIGNAL) < 0) return "";
    return heard();
  }

  /// Waits for the end. REQUIRES: that it has come or must come.
  int status() {
    while (pid_ > 0 && ::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status_;
  }

 private:
  explicit Waiting(std::string name) : name_(std::move(name)) {}

  std::optional<os::OsError> open(long main_pid) {
    const std::string connection = name_ + "/child";
    const UniqueFd listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    const os::SocketAddress at = os::to_socket_address(wire::UnixAddress{connection, true});
    if (!listener || ::bind(listener.get(), at.get(), at.length) != 0 || ::listen(listener.get(), 1) != 0)
      return os::last_error("cannot listen for the child");
    std::vector<std::string> words = {
        "systemd-notify",        "--quiet", "--fork", "--", own_path(), "child", connection, name_,
        std::to_string(main_pid)};
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& each : words) argv.push_back(each.data());
    argv.push_back(nullptr);
    if (const int code = ::posix_spawnp(&pid_, argv[0], nullptr, nullptr, argv.data(), environ); code != 0)
      return os::error_of(code, "cannot run systemd-notify");
    connection_ = UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (heard() != kListening) return os::OsError{0, "the child of systemd-notify --fork does not listen"};
    return std::nullopt;
  }

  static std::string own_path() {
    std::array<char, 4096> path = {};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
    return {path.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
  }

  std::string heard() const {
    std::array<char, 64> words;
    const ssize_t length = ::recv(connection_.get(), words.data(), words.size(), 0);
    return {words.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
  }

  std::string name_;
  UniqueFd connection_;
  pid_t pid_ = 0;
  int status_ = 0;
};

/// What keeps `service` from being put to it; empty where nothing does.
std::string beyond(const Json& service) {
  if (service.value("type", "") != "notify") return "it waits for READY=1, and knows no other service";
  if (service.value("notify_access", "") == "none") return "it listens to its child";
  if (service.value("fd_store_max", 0) > 0) return "it keeps no fds";
  return "";
}

Json collected(Waiting& waiting) {
  const std::string said = waiting.ask();
  if (said == kStranger) return {{"unsupported", "it listens to its child alone"}};
  if (said == kRefused) return {{"unsupported", "it takes no fds: to send some is an error (SO_PASSRIGHTS)"}};
  if (said == kTooLate) return {{"unsupported", "it ends with READY=1, and hears nothing more"}};
  const bool ended = said != kHeard;
  const bool ready = ended && WIFEXITED(waiting.status()) && WEXITSTATUS(waiting.status()) == 0;
  const char* const state = !ended ? "starting" : ready ? "running" : "dead";
  return {{"conclusion", {{"state", state}}},
          {"unobserved",
           {"status", "errno", "bus_error", "varlink_error", "main_pid", "watchdog_usec", "watchdog",
            "extend_timeout_usec", "notify_access", "fds_stored", "fd_names", "restart_reset"}}};
}

class Adapter {
 public:
  explicit Adapter(std::string version) : version_(std::move(version)) {}

  Json answer(const cli::Request& request) {
    if (request.what == "start")
      return {{"name", "systemd-notify --fork"}, {"version", version_}, {"role", "receiver"}};
    if (request.what == "listen") return listen(request);
    if (request.what == "collect" && waiting_) return collected(*waiting_);
    if (request.what == "stop") return Json::object();
    return {{"unsupported", "the request \"" + request.what + "\""}};
  }

 private:
  Json listen(const cli::Request& request) {
    waiting_.reset();
    if (const std::string reason = beyond(request.members.at("service")); !reason.empty())
      return {{"unsupported", reason}};
    auto waiting = Waiting::start(request.members.at("processes").at("main").get<long>(), ++count_);
    if (!waiting) return {{"unsupported", waiting.error().reason}};
    waiting_ = std::move(*waiting);
    return {{"address", "unix:@" + waiting_->address()}};
  }

  std::string version_;
  std::unique_ptr<Waiting> waiting_;
  unsigned count_ = 0;
};

/// The first line of --version; empty where there is no such command.
std::string ask_version() {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen("systemd-notify --version", "r"), ::pclose);
  std::array<char, 256> line = {};
  if (pipe == nullptr || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return "";
  std::string text = line.data();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

cli::ExitCode serve() {
  const std::string version = ask_version();
  if (version.empty())
    return cli::complain(cli::ExitCode::kEnvironment, "systemd-notify does not say its version");
  Adapter adapter(version);
  cli::Requests requests(os::ByteSource::standard_input());
  while (true) {
    const auto request = requests.next();
    if (!request) return cli::complain(cli::ExitCode::kUsage, request.error());
    if (!*request) return cli::ExitCode::kConforms;
    if (const auto done = cli::answer(**request, adapter.answer(**request)); !done)
      return cli::complain(cli::ExitCode::kEnvironment, done.error().reason);
    if ((*request)->what == "stop") return cli::ExitCode::kConforms;
  }
}

}  // namespace
}  // namespace notifyspec::fork_adapter

int main(int argc, char** argv) {
  using namespace notifyspec;
  constexpr int kChildWords = 5;
  if (argc == kChildWords && std::strcmp(argv[1], "child") == 0)
    return static_cast<int>(fork_adapter::run_child({argv[2], argv[3], std::atol(argv[4])}));
  return static_cast<int>(fork_adapter::serve());
}
