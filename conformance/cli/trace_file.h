// A trace, read from a file line by line: what every subcommand that takes one shares.
//
// Memory does not grow with the trace. The rules of a line are wire/trace.h's; here are those of the whole: a
// header first, events in the order of t. Move-only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "os/byte_stream.h"
#include "wire/trace.h"

namespace notifyspec::cli {

/// Why a trace cannot be read on.
struct Failure {
  std::string path;
  std::size_t line = 0;  ///< 0: it is not about a line
  std::string reason;

  /// "FILE:LINE: reason", or "FILE: reason".
  std::string message() const;
};

/// The longest line that is read. A datagram of 256 KiB in which every byte is escaped needs a tenth of it.
inline constexpr std::size_t kLineLimit = std::size_t{16} * 1024 * 1024;

/// Lines of a byte source, one at a time.
class LineReader {
 public:
  LineReader(os::ByteSource source, std::string path);

  /// The next line without its newline; false at the end. `line` is valid until the next call.
  std::expected<bool, Failure> next(std::string_view& line);
  /// Number of the last line; the first is 1.
  std::size_t number() const { return number_; }
  /// Whether the last line had no newline: it may have been cut short.
  bool unterminated() const { return unterminated_; }
  Failure failure(std::string reason) const {
    return {.path = path_, .line = number_, .reason = std::move(reason)};
  }

 private:
  std::expected<bool, Failure> fill();

  os::ByteSource source_;
  std::string path_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of what is read and not yet given away
  std::size_t end_ = 0;
  std::size_t number_ = 0;
  bool unterminated_ = false;
};

class TraceFile {
 public:
  /// Opens `path` ("-" is standard input) and reads the header.
  static std::expected<TraceFile, Failure> open(const std::string& path);

  const wire::TraceHeader& header() const { return header_; }

  /// Reads the next event into `event`, whose buffers are used again, and its line number; false at the end.
  std::expected<bool, Failure> next(wire::Event& event, std::size_t& line);

 private:
  explicit TraceFile(LineReader lines) : lines_(std::move(lines)) {}
  std::unexpected<Failure> refuse(std::string reason) const;

  LineReader lines_;
  wire::TraceHeader header_;
  std::int64_t last_usec_ = 0;
};

}  // namespace notifyspec::cli
