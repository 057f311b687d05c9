// The adapter of the command systemd-notify, as it is found in $PATH.
//
// The process that runs the command is the caller: the command sends in its name. Of a call it tells no more
// than that it succeeded or failed, so what depends on more is unsupported.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
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
#include <utility>
#include <vector>

#include "cli/sender_adapter.h"
#include "os/null_fds.h"

extern char** environ;

namespace {

using notifyspec::cli::BarrierCall;
using notifyspec::cli::NotifyCall;
using notifyspec::cli::ReloadingCall;

class Command final : public notifyspec::cli::SenderCalls {
 public:
  std::string name() const override { return "systemd-notify"; }
  std::string version() const override { return version_; }
  bool is_there() const { return major_ > 0; }

  Returned notify(const NotifyCall& call, int child) override {
    if (const auto reason = beyond(call.unset_environment)) return std::unexpected(*reason);
    if (child != 0) return std::unexpected("systemd-notify sends in the name of another only with MAINPID=");
    if (call.state.find('\0') != std::string::npos) return std::unexpected("an argument holds no NUL");
    constexpr int kFirstWithFds = 254;
    if (call.fds > 0 && major_ < kFirstWithFds)
      return std::unexpected("systemd-notify has no --fd= before 254");
    if (call.fds > 0 && !call.state.starts_with("FDSTORE=1"))
      return std::unexpected("systemd-notify puts FDSTORE=1 before whatever goes with --fd=");
    const auto fds = notifyspec::os::NullFds::open(call.fds);
    if (!fds) return std::unexpected(fds.error().reason);
    std::vector<std::string> arguments = {"--no-block"};
    for (const int fd : fds->all()) {
      ::fcntl(fd, F_SETFD, 0);  // the command inherits it
      arguments.push_back(fmt::format("--fd={}", fd));
    }
    arguments.insert(arguments.end(), {"--", call.state});
    return run(std::move(arguments));
  }

  Returned barrier(const BarrierCall& /*call*/) override {
    return std::unexpected("systemd-notify has no barrier but behind a message");
  }

  Returned reloading(const ReloadingCall& call) override {
    if (const auto reason = beyond(call.unset_environment)) return std::unexpected(*reason);
    constexpr int kFirst = 253;
    if (major_ < kFirst) return std::unexpected("systemd-notify has no --reloading before 253");
    return run({"--no-block", "--reloading"});
  }

 private:
  /// What no exit status tells.
  static std::optional<std::string> beyond(bool unset_environment) {
    if (unset_environment) return "a command cannot unset the variable of its caller";
    if (std::getenv("NOTIFY_SOCKET") == nullptr)
      return "the exit status of systemd-notify does not tell \"not set\" from failure";
    return std::nullopt;
  }

  static Returned run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "systemd-notify");
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& each : arguments) argv.push_back(each.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    if (const int code = ::posix_spawnp(&pid, argv.front(), nullptr, nullptr, argv.data(), environ);
        code != 0)
      return std::unexpected(fmt::format("cannot run systemd-notify: {}", std::strerror(code)));
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status))
      return std::unexpected(fmt::format("systemd-notify died of signal {}", WTERMSIG(status)));
    return WEXITSTATUS(status) == 0 ? 1 : -1;
  }

  /// The first line of --version, "systemd 257 (257.9-1)"; empty where there is no such command.
  static std::string ask_version() {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen("systemd-notify --version", "r"), ::pclose);
    std::array<char, 256> line = {};
    if (pipe == nullptr || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return "";
    std::string text = line.data();
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  std::string version_ = ask_version();
  int major_ = version_.starts_with("systemd ") ? std::atoi(version_.c_str() + std::strlen("systemd ")) : 0;
};

}  // namespace

int main() {
  Command command;
  constexpr int kEnvironment = 5;
  if (!command.is_there()) {
    std::fputs("systemd-notify does not say its version\n", stderr);
    return kEnvironment;
  }
  return static_cast<int>(serve_sender(command));
}
