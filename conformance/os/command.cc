#include "os/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <string_view>
#include <vector>

extern char** environ;

namespace notifyspec::os {
namespace {

std::vector<char*> environment_without_socket() {
  std::vector<char*> out;
  for (char** each = environ; *each != nullptr; ++each)
    if (!std::string_view(*each).starts_with("NOTIFY_SOCKET=")) out.push_back(*each);
  out.push_back(nullptr);
  return out;
}

/// Signals as a fresh process expects them: what we ignore and block is our own affair.
void set_signals(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

}  // namespace

std::expected<int, OsError> run_command(std::span<const std::string> words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment = environment_without_socket();
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  set_signals(attributes);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&files, 0, 1);
  pid_t pid = -1;
  const int code =
      posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (code != 0) return std::unexpected(error_of(code, "cannot run " + words.front()));
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return std::unexpected(last_error("cannot wait for " + words.front()));
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace notifyspec::os
