// `notifyspec compare`: what a proxy made of the messages that went into it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <expected>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "cli/complaint.h"
#include "cli/requirements_file.h"
#include "cli/subcommands.h"
#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "verdict/proxy_rules.h"

namespace notifyspec::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string in, out, requirements;
  std::vector<std::string> documented;
};

/// Which subject the observation of a barrier has.
constexpr std::string_view kBarrier = "barrier";

/// The messages of the trace at `path`, but for barriers; and of its observations that of a barrier.
std::expected<std::vector<wire::Message>, std::string> read(const std::string& path, std::string& barrier) {
  auto trace = TraceFile::open(path);
  if (!trace) return std::unexpected(trace.error().message());
  std::vector<wire::Message> out;
  wire::Event event;
  std::size_t line = 0;
  while (true) {
    const auto more = trace->next(event, line);
    if (!more) return std::unexpected(more.error().message());
    if (!*more) return out;
    if (const auto* const message = std::get_if<wire::Message>(&event.body)) {
      if (message->data != "BARRIER=1") out.push_back(*message);
    } else if (const auto* const seen = std::get_if<wire::Observation>(&event.body)) {
      if (seen->subject == kBarrier) barrier = seen->value;
    }
  }
}

std::string dumped(const Json& line) {
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string written(const verdict::Pair& pair, const std::vector<verdict::Judgement>& judged) {
  const verdict::Passage passage = verdict::compare(pair.in, pair.out);
  std::string out;
  for (std::size_t i = 0; i < pair.in.size(); ++i) {
    const verdict::Passed& each = passage.in[i];
    out += dumped({{"message", pair.in[i].data}, {"fate", name(each.fate)}, {"out", each.out}});
  }
  for (const std::string& each : passage.added) out += dumped({{"added", each}});
  for (const verdict::FieldPassage& each : passage.fields) {
    Json line = {{"field", each.name}, {"way", name(each.way)}};
    if (!each.became.empty()) line["became"] = each.became;
    out += dumped(line);
  }
  for (const verdict::Judgement& each : judged) {
    Json line = {{"requirement", each.requirement->id},
                 {"level", name(each.requirement->level)},
                 {"verdict", name(each.verdict)}};
    if (each.as_described) line["as_described"] = *each.as_described;
    if (!each.expected.empty()) line["expected"] = each.expected;
    if (!each.seen.empty()) line["seen"] = each.seen;
    if (!each.reason.empty()) line["reason"] = each.reason;
    out += dumped(line);
  }
  return out;
}

ExitCode code_of(const std::vector<verdict::Judgement>& judged) {
  const auto any = [&](verdict::Verdict verdict) {
    return std::ranges::any_of(judged, [=](const auto& each) { return each.verdict == verdict; });
  };
  if (any(verdict::Verdict::kFail)) return ExitCode::kDoesNotConform;
  return any(verdict::Verdict::kPass) || any(verdict::Verdict::kWarn) ? ExitCode::kConforms
                                                                      : ExitCode::kNothingRan;
}

ExitCode run(const Options& options) {
  const auto refuse = [](const std::string& reason) { return complain(ExitCode::kUsage, reason); };
  const auto suite = read_requirements(options.requirements);
  if (!suite) return refuse(suite.error());
  for (const std::string& id : options.documented) {
    const auto found = std::ranges::find(*suite, id, &verdict::Requirement::id);
    if (found == suite->end() || found->role != "proxy")
      return refuse(fmt::format("--documented {}: there is no such requirement of a proxy", id));
  }
  verdict::Pair pair;
  std::string direct;
  auto in = read(options.in, direct);
  if (!in) return refuse(in.error());
  auto out = read(options.out, pair.barrier);
  if (!out) return refuse(out.error());
  pair.in = *std::move(in);
  pair.out = *std::move(out);
  const auto judged = verdict::judge_pair(*suite, pair, options.documented);
  const auto said = os::ByteSink::standard_output().write(written(pair, judged));
  return said ? code_of(judged) : complain(ExitCode::kEnvironment, said.error().reason);
}

}  // namespace

void add_compare(CLI::App& app, ExitCode& code) {
  auto options = std::make_shared<Options>();
  CLI::App* compare =
      app.add_subcommand("compare", "Compare what went into a proxy with what came out, and judge it");
  compare->add_option("IN", options->in, "Trace of what the payload sent; - is standard input")->required();
  compare->add_option("OUT", options->out, "Trace of what the proxy sent")->required();
  compare
      ->add_option("--documented", options->documented,
                   "Requirement that the proxy's own documentation promises: a must (repeatable)")
      ->allow_extra_args(false);
  compare->add_option("--requirements", options->requirements,
                      "A table in place of the one that is built in");
  compare->footer(
      "Prints JSON lines: each message that went in and its fate (whole, rewritten, merged, dropped), each\n"
      "line that was added, each field and its way (through, replaced, dropped), each requirement.\n"
      "Exit status: 0 conforms; 1 does not conform; 2 wrong usage or unreadable input; 6 nothing was "
      "judged.");
  compare->callback([options, &code] { code = run(*options); });
}

}  // namespace notifyspec::cli
