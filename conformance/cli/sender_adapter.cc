#include "cli/sender_adapter.h"

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <variant>

#include "cli/complaint.h"
#include "cli/requests.h"
#include "os/child_process.h"

namespace notifyspec::cli {
namespace {

constexpr const char* kVariable = "NOTIFY_SOCKET";

/// Makes one call, whichever it is.
struct Maker {
  SenderCalls& sender;
  int child;

  SenderCalls::Returned operator()(const NotifyCall& call) const {
    return sender.notify(call, call.for_child ? child : 0);
  }
  SenderCalls::Returned operator()(const BarrierCall& call) const { return sender.barrier(call); }
  SenderCalls::Returned operator()(const ReloadingCall& call) const { return sender.reloading(call); }
};

std::string_view sign_of(int returned) {
  if (returned == 0) return "zero";
  return returned > 0 ? "positive" : "negative";
}

bool wants_child(const std::vector<SenderCall>& calls) {
  for (const SenderCall& call : calls)
    if (const auto* const notify = std::get_if<NotifyCall>(&call); notify != nullptr && notify->for_child)
      return true;
  return false;
}

/// Where to send to: where the process was told to as it started, or where the request says.
struct Address {
  bool own = false;
  std::optional<std::string> environment;
};

/// In a process of its own: the answer, without its number.
Json make_calls(SenderCalls& sender, const Address& address, const std::vector<SenderCall>& calls) {
  const auto& [own, environment] = address;
  if (own) {
    // as whoever started us has it
  } else if (environment) {
    ::setenv(kVariable, environment->c_str(), 1);
  } else {
    ::unsetenv(kVariable);
  }
  Json processes{{"main", ::getpid()}};
  std::unique_ptr<os::IdleProcess> child;
  if (wants_child(calls)) {
    child = std::make_unique<os::IdleProcess>();
    if (child->pid() == 0) return {{"unsupported", "no second process could be made"}};
    processes["child"] = child->pid();
  }
  Json returns = Json::array();
  for (const SenderCall& call : calls) {
    const auto returned = std::visit(Maker{sender, child ? child->pid() : 0}, call);
    if (!returned) return {{"unsupported", returned.error()}};
    returns.push_back(sign_of(*returned));
  }
  const bool set = std::getenv(kVariable) != nullptr;
  return {{"returns", returns}, {"environment", set ? "set" : "unset"}, {"processes", processes}};
}

std::expected<void, os::OsError> answer_send(SenderCalls& sender, const Request& request, bool own_address) {
  const auto environment = request.members.find("environment");
  if (environment != request.members.end() && !environment->is_null() && !environment->is_string())
    return answer_unsupported(request, "an \"environment\" that is no string");
  const auto steps = request.members.find("steps");
  if (steps == request.members.end()) return answer_unsupported(request, "no \"steps\"");
  const auto calls = parse_sender_calls(*steps);
  if (!calls) return answer_unsupported(request, calls.error());
  const auto make = [&] {
    return make_calls(sender, {own_address, request.text("environment")}, *calls)
        .dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  // At its own address it may be that nobody but this very process is listened to.
  if (own_address) return answer(request, Json::parse(make()));
  const auto said = os::in_child(make);
  if (!said) return std::unexpected(said.error());
  return answer(request, Json::parse(*said));
}

std::expected<void, os::OsError> answer_start(const SenderCalls& sender, const Request& request) {
  return answer(request, {{"name", sender.name()},
                          {"version", sender.version()},
                          {"role", "sender"},
                          {"transports", {"unix-dgram"}}});
}

}  // namespace

ExitCode serve_sender(SenderCalls& sender, bool own_address) {
  Requests requests(os::ByteSource::standard_input());
  while (true) {
    const auto request = requests.next();
    if (!request) return complain(ExitCode::kUsage, request.error());
    if (!*request) return ExitCode::kConforms;
    const Request& asked = **request;
    std::expected<void, os::OsError> done;
    if (asked.what == "start") {
      done = answer_start(sender, asked);
    } else if (asked.what == "send") {
      done = answer_send(sender, asked, own_address);
    } else if (asked.what == "stop") {
      done = answer(asked, Json::object());
    } else {
      done = answer_unsupported(asked, "the request \"" + asked.what + "\"");
    }
    if (!done) return complain(ExitCode::kEnvironment, done.error().reason);
    if (asked.what == "stop") return ExitCode::kConforms;
  }
}

}  // namespace notifyspec::cli
