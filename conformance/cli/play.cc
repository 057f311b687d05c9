// `notifyspec play`: the senders of receiver vectors, for an adapter or from inside a service.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/play_inside.h"
#include "cli/play_server.h"
#include "cli/requirements_file.h"
#include "cli/subcommands.h"
#include "cli/vector_folder.h"
#include "os/deputy.h"

namespace notifyspec::cli {
namespace {

struct Options {
  std::vector<std::string> folders;
  std::string vector;
  std::string requirements;
  std::optional<std::uint32_t> uid;
  InsidePlay inside;
};

ExitCode run_inside(const Options& options, const std::vector<verdict::Requirement>& requirements) {
  const auto vector = read_vector(options.vector, requirements);
  if (!vector) return complain(ExitCode::kUsage, vector.error());
  if (vector->role != "receiver")
    return complain(ExitCode::kUsage, fmt::format("{}: is not for a receiver", options.vector));
  InsidePlay play = options.inside;
  const char* const socket = std::getenv("NOTIFY_SOCKET");
  if (play.address.empty() && socket != nullptr) play.address = socket;
  return play_inside(*vector, play);
}

ExitCode run(const Options& options) {
  const auto requirements = read_requirements(options.requirements);
  if (!requirements) return complain(ExitCode::kUsage, requirements.error());
  const bool inside = !options.vector.empty();
  if (inside && options.uid) return complain(ExitCode::kUsage, "play: --uid goes with --vectors");
  if (inside == !options.folders.empty())
    return complain(ExitCode::kUsage, "play: say --vectors DIR, or --vector FILE with --result FILE");
  if (inside && options.inside.result.empty())
    return complain(ExitCode::kUsage, "play: --vector needs --result FILE");
  if (inside) return run_inside(options, *requirements);
  const auto vectors = read_vectors(options.folders, *requirements);
  if (!vectors) return complain(ExitCode::kUsage, vectors.error());
  if (options.uid)
    if (const auto done = os::become(*options.uid); !done)
      return complain(ExitCode::kEnvironment, done.error().reason);
  return serve_plays(*vectors);
}

}  // namespace

void add_play(CLI::App& app, ExitCode& code) {
  auto options = std::make_shared<Options>();
  CLI::App* play = app.add_subcommand("play", "Send what receiver vectors say, as told on standard input");
  play->add_option("--vectors", options->folders, "Folder of vectors to be told to play by id")
      ->allow_extra_args(false);
  play->add_option("--requirements", options->requirements, "A table in place of the one that is built in");
  play->add_option("--uid", options->uid,
                   "With --vectors: be this user, as the services of a user manager are");
  play->add_option("--vector", options->vector,
                   "Inside a service: play this one file, tell --result, and stay until killed");
  play->add_option("--result", options->inside.result, "File or FIFO to which the one line is appended");
  play->add_option("--to", options->inside.address, "Receiver's address; default: $NOTIFY_SOCKET");
  play->add_option("--stranger-cgroup", options->inside.stranger_cgroup,
                   "Folder of the cgroup of another service");
  play->add_option("--turn", options->inside.turn, "File by whose lock it waits for its turn");
  play->add_option("--reload", options->inside.reload, "Command that asks for a reload of the service");
  play->callback([options, &code] { code = run(*options); });
}

}  // namespace notifyspec::cli
