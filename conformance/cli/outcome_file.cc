#include "cli/outcome_file.h"

#include <fmt/format.h>

#include <utility>

#include "cli/trace_file.h"
#include "os/byte_stream.h"

namespace notifyspec::cli {

std::expected<OutcomeFile, std::string> read_outcomes(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  auto source = path == "-" ? os::ByteSource::standard_input() : os::ByteSource::open(path);
  if (!source) return std::unexpected(fmt::format("{}: {}", name, source.error().reason));
  LineReader lines(std::move(*source), name);
  const auto refuse = [&](const std::string& reason) {
    return std::unexpected(lines.failure(reason).message());
  };
  OutcomeFile out;
  std::string_view line;
  for (bool first = true;; first = false) {
    const auto more = lines.next(line);
    if (!more) return std::unexpected(more.error().message());
    if (!*more && first)
      return std::unexpected(fmt::format("{}: it is empty: outcomes begin with a header", name));
    if (!*more) return out;
    if (first) {
      auto header = verdict::parse_outcome_header(line);
      if (!header) return refuse(header.error().reason);
      out.header = *std::move(header);
      continue;
    }
    auto outcome = verdict::parse_outcome(line, out.header.role);
    if (!outcome) return refuse(outcome.error().reason);
    const std::string id = outcome->vector;
    if (!out.outcomes.emplace(id, *std::move(outcome)).second)
      return refuse(fmt::format("vector: \"{}\" stands twice", id));
  }
}

}  // namespace notifyspec::cli
