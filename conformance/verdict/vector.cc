#include "verdict/vector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace notifyspec::verdict {
namespace {

constexpr std::uint64_t kMaxFds = 253;           // that the kernel carries with one message (SCM_MAX_FD)
constexpr std::uint64_t kMoreThanMaxFds = 1024;  // a sender may be asked for what cannot be
constexpr std::uint64_t kMostRepeats = 100'000;
constexpr std::array<std::string_view, 4> kCredentials = {"main", "child", "stranger", "other-uid"};
constexpr std::array<std::string_view, 5> kPlaceholders = {"${main.pid}", "${child.pid}", "${stranger.pid}",
                                                           "${now}", "${past}"};
constexpr std::array<std::string_view, 3> kTypes = {"notify", "notify-reload", "simple"};
constexpr std::array<std::string_view, 4> kAccess = {"none", "main", "exec", "all"};
constexpr std::array<std::string_view, 1> kActions = {"reload"};
constexpr std::array<std::string_view, 3> kCalls = {"notify", "barrier", "reloading"};
constexpr std::array<std::string_view, 1> kOtherPids = {"child"};
constexpr std::string_view kUserManager = "-user";  // behind a version: of its user manager, not of PID 1
constexpr std::array<std::string_view, 2> kListeners = {"closes-fds", "holds-fds"};

/// The id is a path, and has three parts: role, area, name.
std::string role_of(std::string_view id) {
  const bool plain = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-/") == std::string_view::npos;
  const auto slashes = std::ranges::count(id, '/');
  const bool parted = !id.starts_with('/') && !id.ends_with('/') && id.find("//") == std::string_view::npos;
  const auto role = std::ranges::find(kVectorRoles, id.substr(0, id.find('/')));
  if (!plain || slashes != 2 || !parted || role == kVectorRoles.end())
    throw MemberRefused(
        "its path is not receiver|sender, area and name, in small letters, digits and hyphens");
  return std::string(*role);
}

/// What stays as it is is sent as it is: a name that is not known must not pass for a value.
bool has_placeholder(std::string_view data) {
  return std::ranges::any_of(kPlaceholders, [&](std::string_view each) { return data.contains(each); });
}

Step read_datagram(JsonObject& step) {
  Datagram out;
  out.data = step.bytes("data");
  out.n_fds = step.number("fds", 0, kMaxFds, 0);
  out.credentials = step.choice("credentials", kCredentials, "main");
  out.repeat = step.number("repeat", 1, kMostRepeats, 1);
  out.barrier = step.flag("barrier");
  out.substitute = step.flag("substitute");
  if (out.substitute && !has_placeholder(out.data)) step.refuse("substitute", "there is nothing to replace");
  if (out.barrier && out.n_fds == 0) step.refuse("barrier", "awaits the closing of an fd, and \"fds\" is 0");
  if (out.barrier && out.repeat != 1) step.refuse("barrier", "is awaited once, and \"repeat\" is more");
  return out;
}

Step read_call(JsonObject& step) {
  Call out;
  out.name = step.choice("call", kCalls);
  if (out.name == "notify") {
    out.state = step.bytes("state");
    out.n_fds = step.number("fds", 0, kMoreThanMaxFds, 0);
    out.for_child = !step.choice("pid", kOtherPids, "").empty();
  } else if (out.name == "barrier" && step.has("timeout_usec")) {
    out.timeout_usec = step.number("timeout_usec", 0, UINT64_MAX);
  }
  out.unset_environment = step.flag("unset_environment");
  return out;
}

Step read_step(JsonObject& step, const Vector& vector) {
  Step out;
  if (vector.role == "sender") {
    out = read_call(step);
  } else if (step.has("action")) {
    out = Action{step.choice("action", kActions)};
    if (vector.service.type != "notify-reload")
      step.refuse("action", "needs a service of type notify-reload");
  } else {
    out = read_datagram(step);
  }
  step.refuse_others();
  return out;
}

Service read_service(JsonObject service) {
  Service out;
  out.type = service.choice("type", kTypes, out.type);
  out.notify_access = service.choice("notify_access", kAccess, out.notify_access);
  out.fd_store_max = service.number("fd_store_max", 0, UINT32_MAX, 0);
  out.watchdog_usec = service.number("watchdog_usec", 0, UINT64_MAX, 0);
  service.refuse_others();
  return out;
}

Level read_level(JsonObject& object, std::span<const Requirement> requirements, Vector& out) {
  constexpr std::array kLevels = {Level::kMust, Level::kShould, Level::kObserved};
  constexpr std::array<std::string_view, 3> kWords = {"must", "should", "observed"};
  const std::string word = object.choice("level", kWords);
  const Level level = *std::ranges::find(kLevels, word, [](Level each) { return name(each); });
  for (const std::string& id : out.requirements) {
    const auto found = std::ranges::find(requirements, id, &Requirement::id);
    if (found == requirements.end())
      object.refuse("requirements", fmt::format("\"{}\" is no requirement", id));
    if (std::ranges::count(out.requirements, id) > 1)
      object.refuse("requirements", fmt::format("\"{}\" stands twice", id));
    if (found->role != out.role)
      object.refuse("requirements", fmt::format("\"{}\" is one of role {}", id, found->role));
    if (!found->by_vectors)
      object.refuse("requirements", fmt::format("\"{}\" is judged by traces, and not by vectors", id));
    if (found->level != level)
      object.refuse("level", fmt::format("is {}, and that of {} is {}", word, id, name(found->level)));
  }
  return level;
}

/// What a user manager concluded stands only where it is something else.
void require_news(const JsonObject& by_version, const Vector& vector) {
  for (const auto& [version, conclusion] : vector.user_manager) {
    const std::string key = fmt::format("{}{}", version, kUserManager);
    const auto of_pid1 = vector.systemd.find(version);
    if (of_pid1 == vector.systemd.end()) by_version.refuse(key, "stands without that of PID 1");
    if (of_pid1->second == conclusion)
      by_version.refuse(key, "is what PID 1 concluded, and is left out then");
  }
}

void read_systemd(JsonObject by_version, Vector& out) {
  for (const std::string& key : by_version.names()) {
    const bool of_user = out.role == "receiver" && key.ends_with(kUserManager);
    const std::string_view version =
        std::string_view(key).substr(0, key.size() - (of_user ? kUserManager.size() : 0));
    int number = 0;
    const char* const end = version.data() + version.size();
    const auto [stop, error] = std::from_chars(version.data(), end, number);
    if (error != std::errc() || stop != end || version.starts_with('0') || number < 1)
      by_version.refuse(key, "is no version of systemd");
    JsonObject conclusion = by_version.object(key.c_str());
    (of_user ? out.user_manager : out.systemd)[number] = read_conclusion(conclusion, out.role);
  }
  require_news(by_version, out);
}

std::string sentence(JsonObject& object, const char* member) {
  std::string text = object.text(member);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) object.refuse(member, "says nothing");
  return text;
}

std::optional<std::string> optional_sentence(JsonObject& object, const char* member) {
  return object.has(member) ? std::optional(sentence(object, member)) : std::nullopt;
}

void read_setting(JsonObject& object, Vector& out) {
  if (out.role == "receiver" && object.has("service")) out.service = read_service(object.object("service"));
  if (out.role != "sender") return;
  if (object.has("environment")) out.environment = object.text("environment");
  out.listener = object.choice("listener", kListeners, out.listener);
}

/// No receiver can hold more fds than it was sent.
void require_fds(const JsonObject& object, const Vector& vector) {
  std::uint64_t n_sent = 0;
  for (const Step& step : vector.steps)
    if (const auto* const datagram = std::get_if<Datagram>(&step); datagram != nullptr)
      n_sent += datagram->n_fds * datagram->repeat;
  const std::string most = std::to_string(n_sent);
  for (std::size_t i = 0; i < vector.expect.size(); ++i)
    for (const auto& [member, value] : vector.expect[i].members) {
      if (member != "fds_open" && member != "fds_stored") continue;
      // Both are decimals without leading zeros: the longer one is the greater one.
      if (value.size() > most.size() || (value.size() == most.size() && value > most))
        object.refuse(fmt::format("expect[{}].{}", i, member),
                      fmt::format("is {}, and the steps send {}", value, most));
    }
}

void require_different(const JsonObject& object, const Vector& vector) {
  for (std::size_t i = 0; i < vector.expect.size(); ++i)
    if (std::ranges::count(vector.expect, vector.expect[i]) > 1)
      object.refuse(fmt::format("expect[{}]", i), "stands twice");
}

/// A conclusion about more or fewer barriers than there are could never be met.
void require_barriers(const JsonObject& object, const Vector& vector) {
  const auto awaited = std::ranges::count_if(vector.steps, [](const Step& step) {
    const auto* const datagram = std::get_if<Datagram>(&step);
    return datagram != nullptr && datagram->barrier;
  });
  for (std::size_t i = 0; i < vector.expect.size(); ++i) {
    const auto told = vector.expect[i].members.find("barriers");
    if (told == vector.expect[i].members.end()) continue;
    const auto words = told->second.empty() ? 0 : 1 + std::ranges::count(told->second, ' ');
    if (words != awaited)
      object.refuse(fmt::format("expect[{}].barriers", i),
                    fmt::format("tells of {}, and the steps have {}", words, awaited));
  }
}

Vector read(std::string_view id, std::string_view json, std::span<const Requirement> requirements) {
  Vector out;
  out.id = id;
  out.role = role_of(id);
  JsonObject object = JsonObject::parse(json);
  out.requirements = object.texts("requirements");
  out.level = read_level(object, requirements, out);
  out.note = sentence(object, "note");
  out.stays = optional_sentence(object, "stays");
  out.unobserved = optional_sentence(object, "unobserved");
  constexpr std::uint64_t kFirst = 1;
  constexpr std::uint64_t kLast = 9999;
  if (object.has("since")) out.since = static_cast<int>(object.number("since", kFirst, kLast));
  read_setting(object, out);
  for (JsonObject& step : object.objects("steps")) out.steps.push_back(read_step(step, out));
  if (out.steps.empty()) object.refuse("steps", "is empty");
  for (JsonObject& each : object.objects("expect")) {
    if (each.names().empty()) object.refuse("expect", "holds a conclusion that says nothing");
    out.expect.push_back(read_conclusion(each, out.role));
  }
  if (out.expect.empty()) object.refuse("expect", "is empty: it allows no outcome at all");
  require_different(object, out);
  require_barriers(object, out);
  if (out.role == "receiver") require_fds(object, out);
  if (object.has("systemd")) read_systemd(object.object("systemd"), out);
  if (out.unobserved && object.has("systemd")) object.refuse("systemd", "stands beside \"unobserved\"");
  object.refuse_others();
  return out;
}

}  // namespace

Conclusion Vector::defaults() const {
  Conclusion out;
  if (role == "sender") {
    out.members = {{"environment", "unset"}};
    return out;
  }
  out.members = {{"state", "starting"},
                 {"status", ""},
                 {"errno", "0"},
                 {"bus_error", ""},
                 {"varlink_error", ""},
                 {"main_pid", "main"},
                 {"watchdog_usec", std::to_string(service.watchdog_usec)},
                 {"watchdog", "none"},
                 {"extend_timeout_usec", "0"},
                 {"notify_access", service.notify_access},
                 {"fds_stored", "0"},
                 {"fd_names", ""},
                 {"fds_open", "0"},
                 {"restart_reset", "no"},
                 {"barriers", ""}};
  return out;
}

std::expected<Vector, VectorError> parse_vector(std::string_view id, std::string_view json,
                                                std::span<const Requirement> requirements) try {
  return read(id, json, requirements);
} catch (const MemberRefused& refused) {
  return std::unexpected(VectorError{refused.what()});
}

}  // namespace notifyspec::verdict
