#include "cli/trace_file.h"

#include <fmt/format.h>

#include <cstring>
#include <span>
#include <utility>

#include "wire/json_text.h"

namespace notifyspec::cli {
namespace {

constexpr std::size_t kFirstBuffer = std::size_t{256} * 1024;

}  // namespace

std::string Failure::message() const {
  if (line == 0) return fmt::format("{}: {}", path, reason);
  return fmt::format("{}:{}: {}", path, line, reason);
}

LineReader::LineReader(os::ByteSource source, std::string path)
    : source_(std::move(source)), path_(std::move(path)), buffer_(kFirstBuffer) {}

/// Reads more behind end_; false at the end of the source.
std::expected<bool, Failure> LineReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= kLineLimit) {
      ++number_;
      return std::unexpected(failure(fmt::format("the line is longer than {} bytes", kLineLimit)));
    }
    buffer_.resize(buffer_.size() * 2);
  }
  const auto length = source_.read(std::span(buffer_).subspan(end_));
  if (!length) return std::unexpected(Failure{.path = path_, .line = 0, .reason = length.error().reason});
  end_ += *length;
  return *length > 0;
}

std::expected<bool, Failure> LineReader::next(std::string_view& line) {
  std::size_t searched = 0;
  while (true) {
    const char* const begin = buffer_.data() + begin_;
    const std::size_t held = end_ - begin_;
    const auto* const newline =
        static_cast<const char*>(std::memchr(begin + searched, '\n', held - searched));
    if (newline != nullptr) {
      line = std::string_view(begin, newline);
      begin_ += line.size() + 1;
      ++number_;
      return true;
    }
    searched = held;
    const auto more = fill();
    if (!more) return std::unexpected(more.error());
    if (*more) continue;
    if (held == 0) return false;
    line = std::string_view(buffer_.data(), held);
    begin_ = end_;
    ++number_;
    unterminated_ = true;
    return true;
  }
}

std::unexpected<Failure> TraceFile::refuse(std::string reason) const {
  if (lines_.unterminated()) reason = "the last line is cut short: " + reason;
  return std::unexpected(lines_.failure(std::move(reason)));
}

std::expected<TraceFile, Failure> TraceFile::open(const std::string& path) {
  const bool standard_input = path == "-";
  auto source = standard_input ? os::ByteSource::standard_input() : os::ByteSource::open(path);
  const std::string name = standard_input ? "standard input" : path;
  if (!source) return std::unexpected(Failure{.path = name, .line = 0, .reason = source.error().reason});
  TraceFile file(LineReader(std::move(*source), name));
  std::string_view line;
  const auto found = file.lines_.next(line);
  if (!found) return std::unexpected(found.error());
  if (!*found) {
    return std::unexpected(
        Failure{.path = name, .line = 0, .reason = "it is empty: a trace begins with its header"});
  }
  auto header = wire::parse_header(line);
  if (!header) return file.refuse(std::move(header.error().reason));
  file.header_ = std::move(*header);
  return file;
}

std::expected<bool, Failure> TraceFile::next(wire::Event& event, std::size_t& line) {
  std::string_view text;
  const auto found = lines_.next(text);
  if (!found || !*found) return found;
  line = lines_.number();
  if (text.empty()) return refuse("the line is empty");
  if (auto parsed = wire::parse_event(text, event); !parsed) return refuse(std::move(parsed.error().reason));
  if (event.t_usec < last_usec_) {
    return refuse(fmt::format("t runs backwards: {} after {}", wire::format_seconds(event.t_usec),
                              wire::format_seconds(last_usec_)));
  }
  last_usec_ = event.t_usec;
  return true;
}

}  // namespace notifyspec::cli
