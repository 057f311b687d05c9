// notifyspec replay: sends the messages of a trace again: data, boundaries, order, number of fds, and pace.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <variant>

#include "cli/complaint.h"
#include "cli/subcommands.h"
#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "os/clock.h"
#include "os/sender.h"
#include "os/socket_address.h"
#include "wire/endpoint.h"

namespace notifyspec::cli {
namespace {

struct Options {
  std::string trace;
  std::string to;
  std::string speed = "1";
  double patience_s = 30;
};

/// Calls `take` with the time and the content of each message; false from it ends the walk.
template <typename Take>
std::expected<void, Failure> for_each_message(const std::string& path, const Take& take) {
  auto trace = TraceFile::open(path);
  if (!trace) return std::unexpected(trace.error());
  wire::Event event;
  std::size_t line = 0;
  while (true) {
    const auto more = trace->next(event, line);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    const auto* const message = std::get_if<wire::Message>(&event.body);
    if (message == nullptr) continue;
    if (static_cast<std::size_t>(message->fds) > os::kMaxFds) {
      return std::unexpected(
          Failure{path, line, fmt::format("{} fds: one datagram carries {}", message->fds, os::kMaxFds)});
    }
    if (!take(event.t_usec, *message)) return {};
  }
}

/// How often as fast as it was; nothing: without any pause.
std::expected<std::optional<double>, std::string> parse_speed(const std::string& text) {
  if (text == "max") return std::nullopt;
  double speed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, speed);
  if (fault == std::errc() && stop == end && std::isfinite(speed) && speed > 0) return speed;
  return std::unexpected(fmt::format("--speed {}: a number above 0, or max, is expected", text));
}

/// When the message of `t_usec` is due, where the first one, of `first_usec`, was sent at `start_usec`.
std::int64_t due_usec(std::int64_t start_usec, std::int64_t first_usec, std::int64_t t_usec, double speed) {
  return start_usec + std::llround(static_cast<double>(t_usec - first_usec) / speed);
}

ExitCode send_all(const Options& options, std::optional<double> speed, os::Sender& sender) {
  std::size_t n_sent = 0;
  std::optional<os::OsError> refused;
  const std::int64_t start_usec = os::monotonic_usec();
  std::int64_t first_usec = 0;
  const auto read = for_each_message(options.trace, [&](std::int64_t t_usec, const wire::Message& message) {
    if (n_sent == 0) first_usec = t_usec;
    if (speed) os::sleep_until(due_usec(start_usec, first_usec, t_usec, *speed));
    const auto sent = sender.send(message.data, static_cast<std::size_t>(message.fds));
    if (sent) {
      ++n_sent;
    } else {
      refused = sent.error();
    }
    return sent.has_value();
  });
  fmt::print(stderr, "{} messages sent\n", n_sent);
  if (!read) return complain(ExitCode::kUsage, read.error().message());
  return refused ? complain(ExitCode::kEnvironment, refused->reason) : ExitCode::kConforms;
}

ExitCode replay(const Options& options) {
  const auto speed = parse_speed(options.speed);
  if (!speed) return complain(ExitCode::kUsage, speed.error());
  const auto address = wire::parse_endpoint(options.to);
  if (!address) return complain(ExitCode::kUsage, "cannot send: " + address.error().reason);
  // It is read twice, since nothing is to be sent of a trace that is broken somewhere.
  const auto read_once = [&] {
    return complain(ExitCode::kUsage, options.trace + ": it is read twice, so it must be a regular file");
  };
  if (options.trace == "-") return read_once();
  if (const auto read =
          for_each_message(options.trace, [](std::int64_t, const wire::Message&) { return true; });
      !read) {
    return complain(ExitCode::kUsage, read.error().message());
  }
  if (!os::is_regular_file(options.trace)) return read_once();
  const auto sender = os::send_to(*address, std::llround(options.patience_s * 1e6));
  if (!sender) return complain(ExitCode::kEnvironment, sender.error().reason);
  return send_all(options, *speed, **sender);
}

}  // namespace

void add_replay(CLI::App& app, ExitCode& code) {
  const auto options = std::make_shared<Options>();
  CLI::App* const replay =
      app.add_subcommand("replay", "Send the messages of a trace again, to a notify socket");
  replay->add_option("TRACE", options->trace, "The trace; all of it is checked before anything is sent")
      ->required();
  replay
      ->add_option("--to", options->to,
                   "Where: /path or @name, perhaps behind unix:, unix-seqpacket: or unix-stream:; "
                   "vsock:CID:PORT (DGRAM, else SEQPACKET), vsock-seqpacket:, vsock-stream: or vsock-dgram:")
      ->required();
  replay
      ->add_option("--speed", options->speed, "How often as fast as it was recorded, or max: without pauses")
      ->capture_default_str();
  replay
      ->add_option("--patience", options->patience_s,
                   "Seconds that a listener may take to close the connection of a message")
      ->check(CLI::Range(0.001, 1e6))
      ->capture_default_str();
  replay->footer(
      "Data, boundaries, order and, on AF_UNIX, number of fds are those of the trace; pids and times are "
      "this\n"
      "process's own. Where there are connections, each message has its own, as systemd sends it, and the "
      "next "
      "waits\n"
      "until the listener has closed it.\n"
      "Exit status: 0 all is sent; 2 wrong usage, or the trace cannot be read; 5 nobody listens there, or "
      "the\n"
      "listener does not close.");
  replay->callback([options, &code] { code = cli::replay(*options); });
}

}  // namespace notifyspec::cli
