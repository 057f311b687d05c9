// notifyspec decode: datagrams in, their fields and what is wrong with them out.
#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <string>

#include "cli/complaint.h"
#include "cli/decoding.h"
#include "cli/subcommands.h"
#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "wire/datagram.h"

namespace notifyspec::cli {
namespace {

struct Options {
  std::string file = "-";
  bool lines = false;
};

constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;

ExitCode decode_datagram(const std::string& path) {
  const auto unreadable = [&path](const os::OsError& error) {
    return complain(ExitCode::kUsage, path + ": " + error.reason);
  };
  auto source = path == "-" ? os::ByteSource::standard_input() : os::ByteSource::open(path);
  if (!source) return unreadable(source.error());
  std::string datagram;
  std::array<char, kPieceBytes> piece;
  while (true) {
    const auto length = source->read(piece);
    if (!length) return unreadable(length.error());
    if (*length == 0) break;
    // What is beyond the limit changes nothing, but who writes it must not be cut off.
    if (datagram.size() <= wire::kDatagramLimit) datagram.append(piece.data(), *length);
  }
  const auto written = os::ByteSink::standard_output().write(format_decoding(datagram, std::nullopt) + '\n');
  return written ? ExitCode::kConforms : complain(ExitCode::kEnvironment, written.error().reason);
}

ExitCode decode_trace(const std::string& path) {
  auto trace = TraceFile::open(path);
  if (!trace) return complain(ExitCode::kUsage, trace.error().message());
  const auto sink = os::ByteSink::standard_output();
  wire::Event event;
  std::size_t line = 0;
  std::string text;
  while (true) {
    const auto more = trace->next(event, line);
    const bool over = !more || !*more;
    const auto* const message = over ? nullptr : std::get_if<wire::Message>(&event.body);
    if (message != nullptr) text.append(format_decoding(message->data, line)).push_back('\n');
    if (over || text.size() >= kPieceBytes) {
      const auto written = sink.write(text);
      if (!written) return complain(ExitCode::kEnvironment, written.error().reason);
      text.clear();
    }
    if (!more) return complain(ExitCode::kUsage, more.error().message());
    if (over) return ExitCode::kConforms;
  }
}

}  // namespace

void add_decode(CLI::App& app, ExitCode& code) {
  const auto options = std::make_shared<Options>();
  CLI::App* const decode =
      app.add_subcommand("decode", "Show the fields of datagrams, and what is wrong with them");
  decode->add_option("FILE", options->file, "What to read; - is standard input")->capture_default_str();
  decode->add_flag("--lines", options->lines, "FILE is a trace: one line of output for each of its messages");
  decode->footer(
      "Without --lines all of FILE is one datagram, byte for byte:\n"
      "  printf 'READY=1\\nSTATUS=up' | notifyspec decode\n"
      "Output is JSON Lines. Exit status: 0 decoded, whatever was found; 2 unreadable; 5 output cannot be "
      "written.");
  decode->callback([options, &code] {
    code = options->lines ? decode_trace(options->file) : decode_datagram(options->file);
  });
}

}  // namespace notifyspec::cli
