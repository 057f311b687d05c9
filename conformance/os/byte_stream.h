// Files and standard streams, as bytes: reading piece by piece, writing whole.
//
// No buffer of its own: callers read and write large pieces. Move-only; standard streams are left open.
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "os/error.h"
#include "os/unique_fd.h"

namespace notifyspec::os {

class ByteSource {
 public:
  static ByteSource standard_input();
  /// EISDIR where `path` is a directory.
  static std::expected<ByteSource, OsError> open(const std::string& path);

  /// Fills the front of `buffer`; 0 at the end.
  std::expected<std::size_t, OsError> read(std::span<char> buffer) const;

 private:
  ByteSource(UniqueFd owned, int fd) : owned_(std::move(owned)), fd_(fd) {}

  UniqueFd owned_;
  int fd_;
};

class ByteSink {
 public:
  static ByteSink standard_output();
  /// Makes `path`, or empties it where it is a regular file; EINVAL where it is anything else.
  static std::expected<ByteSink, OsError> create(const std::string& path);

  /// To the end of `path`, a file, which is made where there is none, or a FIFO, which has a reader.
  static std::expected<ByteSink, OsError> append(const std::string& path);

  /// All of `bytes`, or an error (ENOSPC, EPIPE, ...).
  std::expected<void, OsError> write(std::string_view bytes) const;

 private:
  ByteSink(UniqueFd owned, int fd, std::string name)
      : owned_(std::move(owned)), fd_(fd), name_(std::move(name)) {}

  UniqueFd owned_;
  int fd_;
  std::string name_;
};

/// Whether `path` is a regular file: one that can be read twice.
bool is_regular_file(const std::string& path);

/// Puts `from` in the place of `to` in one step.
std::expected<void, OsError> replace_file(const std::string& from, const std::string& to);

/// Removes `path`, if it is there.
void remove_file(const std::string& path);

/// Whether standard error is a terminal, so that a person reads it.
bool stderr_is_terminal();

/// Whether standard output is one.
bool stdout_is_terminal();

}  // namespace notifyspec::os
