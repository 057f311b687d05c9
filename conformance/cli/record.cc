// notifyspec record: listens on notify sockets and writes a trace of what arrives.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/complaint.h"
#include "cli/decoding.h"
#include "cli/listening.h"
#include "cli/recorder.h"
#include "cli/subcommands.h"
#include "cli/trace_order.h"
#include "os/byte_stream.h"
#include "os/clock.h"
#include "os/kernel.h"
#include "os/listening_socket.h"
#include "wire/trace.h"

namespace notifyspec::cli {
namespace {

struct Options {
  std::vector<std::string> listen;
  std::vector<std::string> control;
  std::string output;
  bool live = false;
  std::optional<double> for_seconds;
  std::optional<std::size_t> max_messages;
  wire::TraceHeader header;  ///< what the flags say of the system under test
};

template <typename T>
using Result = std::expected<T, Failed>;

Result<os::ByteSink> open_output(const std::string& path) {
  if (path.empty()) return os::ByteSink::standard_output();
  auto sink = os::ByteSink::create(path);
  if (sink) return std::move(*sink);
  const int code = sink.error().code;
  const bool mistyped =
      code == ENOENT || code == ENOTDIR || code == EISDIR || code == EINVAL || code == ENXIO;
  return std::unexpected(Failed{mistyped ? ExitCode::kUsage : ExitCode::kEnvironment, sink.error().reason});
}

wire::TraceHeader make_header(const Options& options, std::int64_t t0_usec) {
  wire::TraceHeader header = options.header;
  if (header.transport.empty()) header.transport = transport_of(options.listen.front());
  header.kernel = os::kernel_release();
  header.recorded = os::today();
  header.t0_monotonic_usec = t0_usec;
  return header;
}

/// The line of `event` as --live shows it: a message has its fields besides.
std::string live_line(const wire::Event& event, std::string line) {
  const auto* const message = std::get_if<wire::Message>(&event.body);
  if (message == nullptr) return line;
  line.pop_back();
  return line + R"(,"fields":)" + format_name_value_pairs(message->data) + "}";
}

/// Everything that is open while it records; it closes itself on every path.
class Recording {
 public:
  static Result<Recording> start(const Options& options);
  Result<void> run(const Options& options);
  const RecorderCounts& counts() const { return recorder_.counts(); }

 private:
  Recording(os::Termination termination, os::ByteSink sink, Recorder recorder)
      : termination_(std::move(termination)), sink_(std::move(sink)), recorder_(std::move(recorder)) {}
  std::expected<void, os::OsError> write(std::span<const wire::Event> events, bool live) const;

  os::Termination termination_;
  os::ByteSink sink_;
  Recorder recorder_;
};

Result<Recording> Recording::start(const Options& options) {
  // First of all: from here on, a request to end no longer leaves a socket file behind.
  auto termination = os::Termination::watch();
  if (!termination) return std::unexpected(Failed{ExitCode::kEnvironment, termination.error().reason});
  const std::int64_t t0_usec = os::monotonic_usec();
  os::raise_fd_limit();
  auto messages = listen_on(options.listen);
  if (!messages) return std::unexpected(messages.error());
  auto controls = listen_on(options.control);
  if (!controls) return std::unexpected(controls.error());
  auto sink = open_output(options.output);
  if (!sink) return std::unexpected(sink.error());
  const std::string header = wire::format_header(make_header(options, t0_usec)) + '\n';
  if (const auto done = sink->write(header); !done) {
    return std::unexpected(Failed{ExitCode::kEnvironment, done.error().reason});
  }
  return Recording(std::move(*termination), std::move(*sink),
                   Recorder(t0_usec, std::move(*messages), std::move(*controls)));
}

std::expected<void, os::OsError> Recording::write(std::span<const wire::Event> events, bool live) const {
  std::string lines, live_lines;
  for (const wire::Event& event : events) {
    const std::string line = wire::format_event(event);
    lines.append(line).push_back('\n');
    if (live) live_lines.append(live_line(event, line)).push_back('\n');
  }
  if (const auto done = sink_.write(lines); !done) return done;
  if (!live) return {};
  return os::ByteSink::standard_output().write(live_lines);
}

Result<void> Recording::run(const Options& options) {
  const auto failed = [](const os::OsError& error) {
    return std::unexpected(Failed{ExitCode::kEnvironment, error.reason});
  };
  if (options.live) {
    const auto done = os::ByteSink::standard_output().write("{\"kind\":\"listening\"}\n");
    if (!done) return failed(done.error());
  } else if (os::stderr_is_terminal()) {
    fmt::print(stderr, "listening on {}\n", fmt::join(options.listen, ", "));
  }
  RecorderLimits limits = {.end_usec = {}, .max_messages = options.max_messages};
  if (options.for_seconds) limits.end_usec = os::monotonic_usec() + std::llround(*options.for_seconds * 1e6);
  const auto take = [&](std::span<const wire::Event> events) { return write(events, options.live); };
  const auto say = [](std::string_view sentence) { fmt::print(stderr, "notifyspec: {}\n", sentence); };
  const auto done = recorder_.run(termination_, limits, take, say);
  if (!done) return failed(done.error());
  return {};
}

std::string describe(const RecorderCounts& counts) {
  std::string text = fmt::format("{} messages, {} events, {} control datagrams refused, {} truncated",
                                 counts.messages, counts.events, counts.refused, counts.truncated);
  if (!counts.connections) return text;
  text += fmt::format("; {} connections, {} unfinished", counts.connections->accepted,
                      counts.connections->unfinished);
  if (counts.connections->shortages == 0) return text;
  return text + fmt::format(", {} times without a free file descriptor", counts.connections->shortages);
}

ExitCode record(const Options& options) {
  if (options.live && options.output.empty()) {
    return complain(ExitCode::kUsage, "--live needs --output FILE: both want standard output");
  }
  if (!options.control.empty() && options.output.empty()) {
    return complain(ExitCode::kUsage,
                    "--control needs --output FILE: what is told late is put in its place there, at the end");
  }
  os::ignore_write_signals();
  RecorderCounts counts;
  {
    auto recording = Recording::start(options);
    if (!recording) return complain(recording.error().code, recording.error().reason);
    const auto done = recording->run(options);
    if (!done) return complain(done.error().code, done.error().reason);
    counts = recording->counts();
  }
  if (counts.late) {
    const auto sorted = sort_trace(options.output);
    if (!sorted) return complain(ExitCode::kEnvironment, sorted.error());
  }
  fmt::print(stderr, "{}\n", describe(counts));
  return ExitCode::kConforms;
}

void add_header_options(CLI::App& record, wire::TraceHeader& header) {
  record.add_option("--systemd", header.systemd, "Version of the system under test, for the trace");
  record.add_option("--distribution", header.distribution, "Its distribution, for the trace");
  record.add_option("--vantage", header.vantage, "What it is, for the trace: container, vm or user")
      ->check(CLI::IsMember({"container", "vm", "user"}));
  record
      .add_option("--transport", header.transport,
                  "What carried the messages, for the trace, where the first --listen does not say it")
      ->check(CLI::IsMember({"unix-dgram", "vsock-seqpacket", "vsock-stream", "vsock-dgram"}));
  record.add_option("--machine", header.machine, "What it runs on, for the trace");
  record.add_option("--scenario", header.scenario, "What is done to it, for the trace");
  record
      .add_option("--manager-pid", header.manager_pid, "Pid of its manager as seen from here, for the trace")
      ->check(CLI::PositiveNumber);
}

}  // namespace

void add_record(CLI::App& app, ExitCode& code) {
  const auto options = std::make_shared<Options>();
  CLI::App* const record =
      app.add_subcommand("record", "Listen on notify sockets and write a trace of what arrives");
  record
      ->add_option(
          "--listen", options->listen,
          "Where: /path or @name, perhaps behind unix:, unix-seqpacket: or unix-stream:; "
          "vsock:CID:PORT (SEQPACKET), vsock-seqpacket:, vsock-stream: or vsock-dgram:; no CID is every "
          "CID (repeatable)")
      ->required()
      ->expected(1)
      ->take_all();
  record
      ->add_option("--control", options->control,
                   "Where events come from (JSON, one a message) of who drives the system under test; forms "
                   "as for --listen (repeatable)")
      ->expected(1)
      ->take_all();
  record->add_option("--output", options->output, "File for the trace; standard output if absent");
  record->add_flag("--live", options->live,
                   "Print each event at once, messages with their fields (needs --output)");
  record->add_option("--for", options->for_seconds, "End after so many seconds")->check(CLI::Range(0.0, 1e9));
  record->add_option("--max-messages", options->max_messages, "End after so many messages")
      ->check(CLI::PositiveNumber);
  add_header_options(*record, options->header);
  record->footer(
      "Ends on SIGTERM, SIGINT, SIGHUP, at a limit, or when standard input is a pipe that ends; what was "
      "sent until\n"
      "then is recorded. Times are the kernel's, of the send; over connections, of the receipt. A "
      "connection's\n"
      "bytes are one message, or each packet where it has packets; it is closed as soon as its peer has "
      "ended.\n"
      "A message on a control socket is an event of kind action, phase or observation without its t;\n"
      "monotonic_usec, or age_usec from a sender with another clock, may say when it happened.\n"
      "Exit status: 0 recorded; 2 wrong usage; 5 this machine cannot listen there, or the trace cannot be "
      "written.");
  record->callback([options, &code] { code = cli::record(*options); });
}

}  // namespace notifyspec::cli
