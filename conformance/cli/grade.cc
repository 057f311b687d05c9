// `notifyspec grade`: outcomes of vectors to verdicts, by vector and by requirement.
#include "verdict/grade.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/outcome_file.h"
#include "cli/profile_option.h"
#include "cli/requirements_file.h"
#include "cli/subcommands.h"
#include "cli/vector_folder.h"
#include "os/byte_stream.h"
#include "report/grades.h"

namespace notifyspec::cli {
namespace {

struct Options {
  std::string outcomes;
  std::vector<std::string> folders;
  std::vector<std::string> only;
  std::string against;
  std::string requirements;
  std::string profile;
  std::string format = "text";
};

/// The vectors that are asked for: all of the role, or those named.
std::expected<std::vector<verdict::Vector>, std::string> wanted(
    const Options& options, const OutcomeFile& file, const std::vector<verdict::Requirement>& requirements) {
  auto vectors = read_vectors(options.folders, requirements);
  if (!vectors) return vectors;
  for (const auto& [id, outcome] : file.outcomes)
    if (std::ranges::find(*vectors, id, &verdict::Vector::id) == vectors->end())
      return std::unexpected(fmt::format("{}: vector: there is no \"{}\"", options.outcomes, id));
  for (const std::string& id : options.only)
    if (std::ranges::find(*vectors, id, &verdict::Vector::id) == vectors->end())
      return std::unexpected(fmt::format("--only {}: there is no such vector", id));
  std::erase_if(*vectors, [&](const verdict::Vector& each) {
    const bool named = options.only.empty() || std::ranges::find(options.only, each.id) != options.only.end();
    return each.role != file.header.role || !named;
  });
  return vectors;
}

/// Whether anybody is held to it: what was merely observed fails nobody.
bool binds(const verdict::VectorGrade& grade) {
  return grade.verdict != verdict::Verdict::kSkip;
}

ExitCode code_of(const report::GradedOutcomes& graded) {
  const auto any = [&](auto holds) { return std::ranges::any_of(graded.vectors, holds); };
  const auto gave_wrong_answer = [](const verdict::VectorGrade& each) {
    return each.verdict == verdict::Verdict::kFail && !each.adapter_failed;
  };
  if (any(gave_wrong_answer)) return ExitCode::kDoesNotConform;
  if (any([](const verdict::VectorGrade& each) { return binds(each) && each.adapter_failed; }))
    return ExitCode::kAdapterFailed;
  const report::Counts counted = report::count(graded);
  if (counted.inconclusive > 0) return ExitCode::kEnvironment;
  return counted.pass + counted.warn > 0 ? ExitCode::kConforms : ExitCode::kNothingRan;
}

std::string written(const report::GradedOutcomes& graded, const std::string& format) {
  if (format == "junit") return report::to_junit(graded);
  if (format == "jsonl") return report::to_json_lines(graded);
  return report::to_text(graded, os::stdout_is_terminal());
}

/// Nothing is said of a vector of which the one to compare with came to nothing.
report::GradedOutcomes graded_by(const Options& options, const OutcomeFile& file, const OutcomeFile& other,
                                 const std::vector<verdict::Vector>& vectors,
                                 const std::vector<verdict::Requirement>& requirements,
                                 const verdict::Profile& profile) {
  const auto find = [](const OutcomeFile& in, const std::string& id) {
    const auto found = in.outcomes.find(id);
    return found == in.outcomes.end() ? nullptr : &found->second;
  };
  verdict::Yardstick yardstick = {.profile = profile, .systemd = {}};
  // Only of systemd is it known what its version promises.
  if (file.header.implementation == "systemd")
    yardstick.systemd = verdict::systemd_version(file.header.version);
  report::GradedOutcomes graded = {options.outcomes, file.header, {}, {}};
  for (const verdict::Vector& vector : vectors) {
    yardstick.instead = find(other, vector.id);
    if (!options.against.empty() && yardstick.instead == nullptr) continue;
    if (yardstick.instead != nullptr && yardstick.instead->kind != verdict::OutcomeKind::kConcluded) continue;
    graded.vectors.push_back(verdict::grade(vector, requirements, find(file, vector.id), yardstick));
  }
  graded.requirements = verdict::grade_requirements(requirements, graded.vectors);
  return graded;
}

ExitCode run(const Options& options) {
  const auto refuse = [](const std::string& reason) { return complain(ExitCode::kUsage, reason); };
  const auto requirements = read_requirements(options.requirements);
  if (!requirements) return refuse(requirements.error());
  const auto file = read_outcomes(options.outcomes);
  if (!file) return refuse(file.error());
  const auto vectors = wanted(options, *file, *requirements);
  if (!vectors) return refuse(vectors.error());

  auto other = std::expected<OutcomeFile, std::string>();
  if (!options.against.empty()) other = read_outcomes(options.against);
  if (!other) return refuse(other.error());
  const report::GradedOutcomes graded =
      graded_by(options, *file, *other, *vectors, *requirements, profile_named(options.profile));
  const auto said = os::ByteSink::standard_output().write(written(graded, options.format));
  return said ? code_of(graded) : complain(ExitCode::kEnvironment, said.error().reason);
}

}  // namespace

void add_grade(CLI::App& app, ExitCode& code) {
  auto options = std::make_shared<Options>();
  CLI::App* grade = app.add_subcommand("grade", "Judge outcomes of vectors, by vector and by requirement");
  grade->add_option("OUTCOMES", options->outcomes, "Outcome file; - is standard input")->required();
  grade->add_option("--vectors", options->folders, "Folder of vectors")->required()->allow_extra_args(false);
  grade->add_option("--only", options->only, "Judge this vector alone (repeatable)")->allow_extra_args(false);
  grade->add_option("--against", options->against,
                    "Judge by what these other outcomes came to, in place of what the vectors allow");
  grade->add_option("--requirements", options->requirements, "A table in place of the one that is built in");
  grade->add_option("--profile", options->profile, "Judge what was merely observed of that version, too")
      ->check(CLI::IsMember(observed_profiles()));
  grade->add_option("--format", options->format, "text, jsonl or junit")
      ->check(CLI::IsMember({"text", "jsonl", "junit"}))
      ->capture_default_str();
  grade->callback([options, &code] { code = run(*options); });
}

}  // namespace notifyspec::cli
