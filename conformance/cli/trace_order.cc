#include "cli/trace_order.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "wire/trace.h"

namespace notifyspec::cli {
namespace {

struct TimedLine {
  std::int64_t t_usec;
  std::string text;
};

}  // namespace

std::expected<void, std::string> sort_trace(const std::string& path) {
  auto source = os::ByteSource::open(path);
  if (!source) return std::unexpected(path + ": " + source.error().reason);
  LineReader reader(std::move(*source), path);
  std::string sorted;
  std::vector<TimedLine> lines;
  std::string_view text;
  wire::Event event;
  while (true) {
    const auto more = reader.next(text);
    if (!more) return std::unexpected(more.error().message());
    if (!*more) break;
    if (reader.number() == 1) {
      sorted.append(text).push_back('\n');
      continue;
    }
    const auto parsed = wire::parse_event(text, event);
    if (!parsed) return std::unexpected(reader.failure(parsed.error().reason).message());
    lines.push_back({.t_usec = event.t_usec, .text = std::string(text)});
  }
  std::ranges::stable_sort(lines, {}, &TimedLine::t_usec);
  for (const TimedLine& line : lines) sorted.append(line.text).push_back('\n');

  const std::string unfinished = path + ".unfinished";
  const auto written = [&]() -> std::expected<void, os::OsError> {
    const auto sink = os::ByteSink::create(unfinished);
    if (!sink) return std::unexpected(sink.error());
    if (const auto done = sink->write(sorted); !done) return done;
    return os::replace_file(unfinished, path);
  }();
  if (written) return {};
  os::remove_file(unfinished);
  return std::unexpected(written.error().reason);
}

}  // namespace notifyspec::cli
