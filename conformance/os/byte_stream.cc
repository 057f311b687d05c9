#include "os/byte_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace notifyspec::os {

ByteSource ByteSource::standard_input() {
  return {UniqueFd(), STDIN_FILENO};
}

std::expected<ByteSource, OsError> ByteSource::open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::unexpected(last_error("cannot open"));
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) return std::unexpected(last_error("cannot look at it"));
  if (S_ISDIR(status.st_mode)) return std::unexpected(error_of(EISDIR, "cannot read"));
  const int number = fd.get();
  return ByteSource(std::move(fd), number);
}

std::expected<std::size_t, OsError> ByteSource::read(std::span<char> buffer) const {
  ssize_t length = -1;
  do {
    length = ::read(fd_, buffer.data(), buffer.size());
  } while (length < 0 && errno == EINTR);
  if (length < 0) return std::unexpected(last_error("cannot read"));
  return static_cast<std::size_t>(length);
}

ByteSink ByteSink::standard_output() {
  return {UniqueFd(), STDOUT_FILENO, "standard output"};
}

std::expected<ByteSink, OsError> ByteSink::create(const std::string& path) {
  constexpr mode_t kMode = 0644;
  // Not O_TRUNC: first see what it is. Not blocking: a FIFO without a reader must not hold us.
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kMode));
  if (!fd) return std::unexpected(last_error("cannot write to " + path));
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) return std::unexpected(last_error("cannot look at " + path));
  if (!S_ISREG(status.st_mode)) {
    return std::unexpected(
        OsError{.code = EINVAL, .reason = "cannot write to " + path + ": it is not a regular file"});
  }
  if (ftruncate(fd.get(), 0) != 0) return std::unexpected(last_error("cannot empty " + path));
  const int number = fd.get();
  return ByteSink(std::move(fd), number, path);
}

std::expected<ByteSink, OsError> ByteSink::append(const std::string& path) {
  constexpr mode_t kMode = 0644;
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, kMode));
  if (!fd) return std::unexpected(last_error("cannot write to " + path));
  const int number = fd.get();
  return ByteSink(std::move(fd), number, path);
}

std::expected<void, OsError> ByteSink::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t length = ::write(fd_, bytes.data(), bytes.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return std::unexpected(last_error("cannot write to " + name_));
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return {};
}

bool is_regular_file(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::expected<void, OsError> replace_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return std::unexpected(last_error("cannot replace " + to));
}

void remove_file(const std::string& path) {
  ::unlink(path.c_str());
}

bool stderr_is_terminal() {
  return ::isatty(STDERR_FILENO) != 0;
}

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) != 0;
}

}  // namespace notifyspec::os
