// notifyspec arrive: the listening side of sender vectors. It says what has come, and judges nothing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/places.h"
#include "cli/requests.h"
#include "cli/subcommands.h"
#include "os/waiting.h"
#include "wire/base64.h"
#include "wire/utf8.h"

namespace notifyspec::cli {
namespace {

using Done = std::expected<void, os::OsError>;

/// No vector has so many: a sender that does not end must fill neither our memory nor our time.
constexpr std::size_t kMostLetters = 4096;

/// What one vector's sender is met with, from "open" to "collect".
struct Reception {
  Reception(const std::string& folder, std::size_t number) : places(folder, number) {}

  Places places;
  bool holds_fds = false;
  std::vector<os::Letter> letters;
  std::size_t n_beyond = 0;  ///< that came, and were not kept

  /// Takes what waits; of a sender that goes on meanwhile, so much at a time.
  Done take_all() {
    if (!places.mailbox()) return {};
    for (std::size_t i = 0; i < 2 * kMostLetters; ++i) {
      auto letter = places.mailbox()->receive();
      if (!letter) return std::unexpected(letter.error());
      if (!*letter) return {};
      if (letters.size() < kMostLetters) {
        letters.push_back(std::move(**letter));
      } else {
        ++n_beyond;
      }
    }
    return {};
  }
};

/// Answers requests, and meanwhile takes what comes: fds that are not to be held are closed at once.
class Listener {
 public:
  explicit Listener(std::string folder) : folder_(std::move(folder)) {}

  ExitCode serve();

 private:
  Done handle(const Request& request);
  Done open(const Request& request);
  Done collect(const Request& request);
  Done hear();

  std::string folder_;
  Requests requests_{os::ByteSource::standard_input()};
  std::size_t number_ = 0;
  std::unique_ptr<Reception> reception_;
  std::vector<std::size_t> n_fds_;  ///< that each letter has brought
};

Done Listener::hear() {
  if (!reception_) return {};
  if (auto taken = reception_->take_all(); !taken) return taken;
  for (std::size_t i = n_fds_.size(); i < reception_->letters.size(); ++i) {
    std::vector<os::UniqueFd>& fds = reception_->letters[i].fds;
    n_fds_.push_back(fds.size());
    if (!reception_->holds_fds) fds.clear();
  }
  return {};
}

Done Listener::open(const Request& request) {
  reception_ = std::make_unique<Reception>(folder_, ++number_);
  n_fds_.clear();
  const std::string manner = request.text("listener").value_or("closes-fds");
  if (manner != "closes-fds" && manner != "holds-fds")
    return answer_unsupported(request, fmt::format("the listener \"{}\"", manner));
  reception_->holds_fds = manner == "holds-fds";
  const auto value = request.text("environment");
  if (!value) return answer(request, {{"environment", nullptr}});
  const auto laid = reception_->places.lay(*value);
  if (!laid) return answer_unsupported(request, laid.error());
  return answer(request, {{"environment", *laid}});
}

/// Which of `processes` has the pid; another name for one that is none of them.
std::string from_whom(const Json& processes, std::optional<pid_t> pid) {
  for (const auto& [name, value] : processes.items())
    if (pid && value.is_number_integer() && value.get<std::int64_t>() == *pid) return name;
  return "stranger";
}

Done Listener::collect(const Request& request) {
  if (!reception_) return answer_unsupported(request, "nothing is open");
  if (auto heard = hear(); !heard) return heard;
  const auto found = request.members.find("processes");
  Json arrived = Json::array();
  for (std::size_t i = 0; i < reception_->letters.size(); ++i) {
    const os::Letter& letter = reception_->letters[i];
    Json row;
    if (wire::is_utf8(letter.data) && letter.data.find('\0') == std::string::npos) {
      row["data"] = letter.data;
    } else {
      row["data_base64"] = wire::encode_base64(letter.data);
    }
    if (n_fds_[i] > 0) row["fds"] = fmt::format("{}", n_fds_[i]);
    if (found != request.members.end()) {
      if (const std::string from = from_whom(*found, letter.pid); from != "main") row["from"] = from;
    }
    arrived.push_back(std::move(row));
  }
  Json members = {{"arrived", std::move(arrived)}};
  if (reception_->n_beyond > 0) members["more"] = reception_->n_beyond;
  reception_.reset();
  return answer(request, members);
}

Done Listener::handle(const Request& request) {
  if (request.what == "start") return answer(request, {{"role", "listener"}});
  if (request.what == "open") return open(request);
  if (request.what == "collect") return collect(request);
  if (request.what == "stop") return answer(request, Json::object());
  return answer_unsupported(request, "the request \"" + request.what + "\"");
}

ExitCode Listener::serve() {
  constexpr int kStandardInput = 0;
  while (true) {
    const auto request = requests_.take();
    if (!request) return complain(ExitCode::kUsage, request.error());
    if (*request) {
      const auto done = handle(**request);
      if (!done) return complain(ExitCode::kEnvironment, done.error().reason);
      if ((*request)->what == "stop") return ExitCode::kConforms;
      continue;
    }
    std::vector<int> watched = {kStandardInput};
    if (reception_ && reception_->places.mailbox()) watched.push_back(reception_->places.mailbox()->fd());
    if (auto waited = os::wait_readable(watched, std::nullopt); !waited)
      return complain(ExitCode::kEnvironment, waited.error().reason);
    // While a sender's barrier waits for its fd nobody asks anything: what comes is taken all the same.
    if (const auto heard = hear(); !heard) return complain(ExitCode::kEnvironment, heard.error().reason);
    if (!os::is_readable(kStandardInput)) continue;
    const auto more = requests_.fill();
    if (!more) return complain(ExitCode::kUsage, more.error());
    if (!*more) return ExitCode::kConforms;
  }
}

}  // namespace

void add_arrive(CLI::App& app, ExitCode& code) {
  const auto folder = std::make_shared<std::string>();
  CLI::App* const arrive = app.add_subcommand(
      "arrive", "The listening side of sender vectors: is told where to listen, and says what has come");
  arrive
      ->add_option("--folder", *folder, "Where its sockets are to be: an absolute path that nobody else uses")
      ->required()
      ->check(CLI::ExistingDirectory);
  arrive->footer(
      "JSON lines in, JSON lines out; fixtures/README.md, \"Adapters\", has the requests and answers.\n"
      "Exit status: 0 asked to stop, or the input has ended; 2 what came is no request; 5 this machine "
      "refuses.");
  arrive->callback([folder, &code] { code = Listener(*folder).serve(); });
}

}  // namespace notifyspec::cli
