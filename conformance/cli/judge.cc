// `notifyspec judge`: traces to verdicts, requirement by requirement.
#include "verdict/judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fnmatch.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/profile_option.h"
#include "cli/requirements_file.h"
#include "cli/subcommands.h"
#include "cli/trace_file.h"
#include "os/byte_stream.h"
#include "report/verdicts.h"

namespace notifyspec::cli {
namespace {

struct Options {
  std::vector<std::string> traces;
  std::string systemd;
  std::string vantage;
  std::string profile;
  std::string format = "text";
  std::string requirements;
  std::vector<std::string> roles;
  std::vector<std::string> levels;
  std::vector<std::string> only;  ///< globs
};

using Requirements = std::vector<verdict::Requirement>;

bool is_wanted(const verdict::Requirement& each, const Options& options) {
  const auto names = [](const std::vector<std::string>& some, std::string_view word) {
    return some.empty() || std::ranges::find(some, word) != some.end();
  };
  const auto matches = [&](const std::string& glob) {
    return fnmatch(glob.c_str(), each.id.c_str(), 0) == 0;
  };
  return names(options.roles, each.role) && names(options.levels, name(each.level)) &&
         (options.only.empty() || std::ranges::any_of(options.only, matches));
}

/// What ends the run with exit code 2: a sentence that names file and place.
using Unreadable = std::string;

std::expected<report::JudgedTrace, Unreadable> judge(const std::string& path, const Options& options,
                                                     const verdict::Profile& profile,
                                                     const Requirements& suite) {
  auto trace = TraceFile::open(path);
  if (!trace) return std::unexpected(trace.error().message());
  wire::TraceHeader header = trace->header();
  if (!options.systemd.empty()) header.systemd = options.systemd;
  if (!options.vantage.empty()) header.vantage = options.vantage;
  if (!header.systemd)
    return std::unexpected(fmt::format("{}:1: no member \"systemd\": say --systemd N", path));
  if (!header.vantage)
    return std::unexpected(fmt::format("{}:1: no member \"vantage\": say --vantage container|vm|user", path));
  const auto systemd = verdict::systemd_version(*header.systemd);
  if (!systemd)
    return std::unexpected(
        fmt::format("{}:1: \"{}\" is no version of systemd: say --systemd N", path, *header.systemd));

  verdict::Judge bench(suite, header, *systemd, profile);
  wire::Event event;
  std::size_t line = 0;
  while (true) {
    const auto more = trace->next(event, line);
    if (!more) return std::unexpected(more.error().message());
    if (!*more) break;
    bench.see(event, line);
  }
  return report::JudgedTrace{path, *header.systemd, header.scenario.value_or(""), bench.conclude()};
}

ExitCode code_of(const std::vector<report::JudgedTrace>& traces) {
  const report::Counts counts = report::count(traces);
  if (counts.fail > 0) return ExitCode::kDoesNotConform;
  if (counts.inconclusive > 0) return ExitCode::kEnvironment;
  return counts.pass + counts.warn > 0 ? ExitCode::kConforms : ExitCode::kNothingRan;
}

std::string written(const std::vector<report::JudgedTrace>& traces, const std::string& format) {
  if (format == "junit") return report::to_junit(traces);
  if (format == "text") return report::to_text(traces, os::stdout_is_terminal());
  std::string lines;
  for (const report::JudgedTrace& trace : traces) lines += report::to_json_lines(trace);
  return lines;
}

ExitCode run(const Options& options) {
  const auto refuse = [](const std::string& reason) { return complain(ExitCode::kUsage, reason); };
  auto suite = read_requirements(options.requirements);
  if (!suite) return refuse(suite.error());
  std::erase_if(*suite, [&](const verdict::Requirement& each) { return !is_wanted(each, options); });
  if (suite->empty()) return complain(ExitCode::kNothingRan, "of what is asked for there is no requirement");
  // All are read before a word is said: a broken trace leaves nothing half-judged.
  std::vector<report::JudgedTrace> judged;
  for (const std::string& path : options.traces) {
    auto one = judge(path, options, profile_named(options.profile), *suite);
    if (!one) return refuse(one.error());
    judged.push_back(*std::move(one));
  }
  const auto said = os::ByteSink::standard_output().write(written(judged, options.format));
  return said ? code_of(judged) : complain(ExitCode::kEnvironment, said.error().reason);
}

}  // namespace

void add_judge(CLI::App& app, ExitCode& code) {
  auto options = std::make_shared<Options>();
  CLI::App* judge = app.add_subcommand("judge", "Judge traces, requirement by requirement");
  judge->add_option("TRACE", options->traces, "Traces to judge; - is standard input")->required();
  judge->add_option("--systemd", options->systemd,
                    "Judge as this version of systemd, whatever the trace says");
  judge->add_option("--vantage", options->vantage, "Judge as this vantage, whatever the trace says")
      ->check(CLI::IsMember({"container", "vm", "user"}));
  judge
      ->add_option("--role", options->roles,
                   fmt::format("Judge these alone: {}", fmt::join(verdict::kRoles, ", ")))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(std::vector<std::string>(verdict::kRoles.begin(), verdict::kRoles.end())));
  judge->add_option("--level", options->levels, "Judge these alone: must, should, observed")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"must", "should", "observed"}));
  judge->add_option("--only", options->only, "Judge requirements of this id, or glob, alone (repeatable)")
      ->allow_extra_args(false);
  judge->add_option("--profile", options->profile, "Judge what was merely observed of that version, too")
      ->check(CLI::IsMember(observed_profiles()));
  judge->add_option("--format", options->format, "text, jsonl or junit")
      ->check(CLI::IsMember({"text", "jsonl", "junit"}))
      ->capture_default_str();
  judge->add_option("--requirements", options->requirements, "A table in place of the one that is built in");
  judge->callback([options, &code] { code = run(*options); });
}

}  // namespace notifyspec::cli
