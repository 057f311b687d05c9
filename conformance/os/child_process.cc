#include "os/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "os/unique_fd.h"

namespace notifyspec::os {
namespace {

/// fork(), of a child that dies with its parent.
pid_t fork_bound() {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // it had died before the kernel knew
  return 0;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

[[noreturn]] void speak_and_end(int pipe, std::string_view word) {
  while (!word.empty()) {
    const ssize_t length = ::write(pipe, word.data(), word.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) ::_exit(1);
    word.remove_prefix(static_cast<std::size_t>(length));
  }
  ::_exit(0);
}

/// All that comes until the last writer has gone.
std::string read_all(int pipe) {
  std::string all;
  std::array<char, 4096> piece;
  while (true) {
    const ssize_t length = ::read(pipe, piece.data(), piece.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return all;
    all.append(piece.data(), static_cast<std::size_t>(length));
  }
}

}  // namespace

IdleProcess::IdleProcess() : pid_(fork_bound()) {
  if (pid_ == 0) {
    while (true) ::pause();
  }
  if (pid_ < 0) pid_ = 0;
}

IdleProcess::~IdleProcess() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  wait_for(pid_);
}

std::expected<std::string, OsError> in_child(const std::function<std::string()>& work) {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(last_error("cannot make a pipe"));
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t pid = fork_bound();
  if (pid < 0) return std::unexpected(last_error("cannot make a process"));
  if (pid == 0) speak_and_end(writing.get(), work());
  writing = UniqueFd();
  std::string word = read_all(reading.get());
  const int status = wait_for(pid);
  if (WIFSIGNALED(status)) {
    return std::unexpected(
        OsError{.reason = fmt::format("the process that was to send died of signal {} ({})", WTERMSIG(status),
                                      ::strsignal(WTERMSIG(status)))});
  }
  if (WEXITSTATUS(status) != 0)
    return std::unexpected(OsError{.reason = "the process that was to send ended without a word"});
  return word;
}

}  // namespace notifyspec::os
