#include "os/termination.h"

#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace notifyspec::os {

std::expected<Termination, OsError> Termination::watch() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  if (sigprocmask(SIG_BLOCK, &signals, nullptr) != 0)
    return std::unexpected(last_error("cannot block signals"));
  UniqueFd fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return std::unexpected(last_error("cannot watch signals"));
  return Termination(std::move(fd));
}

bool stdin_is_lifeline() {
  struct stat status = {};
  return fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool stdin_has_ended() {
  std::array<char, 4096> ignored;
  const ssize_t length = ::read(STDIN_FILENO, ignored.data(), ignored.size());
  return length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR);
}

void ignore_write_signals() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

}  // namespace notifyspec::os
