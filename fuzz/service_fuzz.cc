// Invariants: whatever is sent by whomever, a receiver of each profile keeps to the limit of its fd store,
// has fds of its own datagrams only, each once, and a state that the lifecycle knows; one that keeps to the
// documents knows what the twin knows, and concludes the same where lines of private fields stand between the
// others.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "heap.h"
#include "invariant.h"
#include "model/service.h"
#include "scenario.h"
#include "twin.h"

using namespace notifyspec;

namespace {

constexpr std::size_t kStoreLimit = 5;
constexpr std::int64_t kFirstPid = 100;
constexpr std::string_view kDocumented = "documented";

/// `bytes` with a private field before each line and after the last.
std::string with_private_fields(std::string_view bytes) {
  constexpr std::string_view kPrivate = "X_ACME=1\n";
  std::string all(kPrivate);
  for (const char c : bytes) {
    all += c;
    if (c == '\n') all += kPrivate;
  }
  if (!all.ends_with('\n')) (all += '\n') += "X_ACME=2";
  return all;
}

model::Processes everybody() {
  return model::Processes({{kFirstPid, model::Role::kMain, {}},
                           {kFirstPid + 1, model::Role::kChild, 7},
                           {kFirstPid + 2, model::Role::kOtherUid, {}},
                           {kFirstPid + 3, model::Role::kStranger, {}}});
}

void check(const model::Service& service) {
  std::optional<std::uint64_t> before;
  require(service.stored_fds().size() <= kStoreLimit, "the fd store keeps to its limit",
          "receiver.fdstore-limit");
  for (const model::StoredFd& fd : service.stored_fds()) {
    require(!before || *before < fd.serial, "each fd is stored once, in the order of arrival",
            "receiver.fdstore-keeps");
    require(fd.serial < service.n_fds_seen(), "a stored fd is one that came");
    before = fd.serial;
  }
  require(service.state() <= model::State::kAborting, "the state is one of the lifecycle");
}

void check_with(const fuzz::twin::Service& twin, const model::Service& service) {
  if (twin.is_over) return;
  struct Member {
    std::string_view name;
    const char *field, *requirement;
  };
  constexpr std::array<Member, 5> kMembers = {
      {{"status", "STATUS", "receiver.status-kept"},
       {"errno", "ERRNO", "receiver.errno-kept"},
       {"bus_error", "BUSERROR", "receiver.bus-error-kept"},
       {"varlink_error", "VARLINKERROR", "receiver.varlink-error-kept"},
       {"watchdog_usec", "WATCHDOG_USEC", "receiver.watchdog-usec-set"}}};
  for (const auto& [member, value] : service.conclude()) {
    for (const auto& [name, field, requirement] : kMembers) {
      const auto known = twin.known.find(field);
      if (member != name || known == twin.known.end()) continue;
      const bool is_number = name == "errno" || name == "watchdog_usec";
      const std::string digits = known->second.substr(
          std::min(known->second.find_first_not_of('0'), known->second.size() - !known->second.empty()));
      require(value == (is_number ? digits : known->second), "the conclusion is the twin's", requirement);
    }
  }
}

/// What the manager was told: who may speak is another one for each length of scenario.
model::ServiceSettings settings(model::ServiceType type, std::size_t length) {
  constexpr std::array kAccess = {model::NotifyAccess::kAll, model::NotifyAccess::kMain,
                                  model::NotifyAccess::kExec, model::NotifyAccess::kNone};
  return {.type = type,
          .notify_access = kAccess[length % kAccess.size()],
          .fd_store_max = kStoreLimit,
          .watchdog_usec = 0};
}

model::Conclusion live(const fuzz::Scenario& scenario, std::string_view profile, model::ServiceType type,
                       bool with_private) {
  const model::ServiceSettings told = settings(type, scenario.size());
  model::Service service(model::find_profile(profile).value(), told, everybody());
  fuzz::twin::Service twin;
  twin.is_over = told.notify_access != model::NotifyAccess::kAll;  // it does not look who speaks
  std::uint64_t now_usec = 0;
  for (const fuzz::Datagram& each : scenario) {
    const std::string bytes = with_private ? with_private_fields(each.bytes) : each.bytes;
    const auto who = static_cast<std::int64_t>(each.from);
    service.take({.bytes = bytes,
                  .pid = kFirstPid + who,
                  .uid = each.from == fuzz::From::kOtherUid ? 65534U : 0U,
                  .n_fds = each.n_fds,
                  .truncated = each.truncated,
                  .seen_usec = now_usec});
    check(service);
    // The documents have no limit of size, and know no NUL: only of what is neither does the twin speak.
    const auto lines = fuzz::twin::lines(bytes);
    if (!lines || bytes.find('\0') != std::string::npos) twin.is_over = true;
    if (lines && !each.truncated && each.from != fuzz::From::kStranger) twin.take(*lines);
    if (profile == kDocumented) check_with(twin, service);
    now_usec += 1 + each.gap_usec;
    if (each.then_reload) service.ask_reload(now_usec);
  }
  return service.conclude();
}

/// A barrier stands alone, so it is another thing with company; and so is a NUL, which is none at the end any
/// more.
bool is_changed_by_company(const fuzz::Scenario& scenario) {
  for (const fuzz::Datagram& each : scenario)
    if (each.bytes.find("BARRIER=1") != std::string::npos || each.bytes.find('\0') != std::string::npos)
      return true;
  return false;
}

/// Each name is found again, and nothing by a name that is none.
bool names_are_found() {
  for (const auto role :
       {model::Role::kMain, model::Role::kChild, model::Role::kOtherUid, model::Role::kStranger})
    require(model::find_role(model::name(role)) == role, "a role has its name");
  for (const char* const access : {"none", "main", "exec", "all"})
    require(model::name(model::find_notify_access(access).value()) == access, "an access has its name");
  for (std::size_t key = 0; key < model::kKeyCount; ++key)
    require(field::find(model::name(static_cast<model::Key>(key))) != nullptr, "a key is a field");
  require(!model::find_role("") && !model::find_notify_access("") && !model::find_service_type("") &&
              !model::find_profile("systemd-0"),
          "what is no name is found nowhere");
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  static const bool kNamesAreFound = names_are_found();
  require(kNamesAreFound, "names are found");
  const auto scenario = fuzz::read_scenario({reinterpret_cast<const char*>(data), size});
  for (const char* const name : {"notify", "notify-reload", "simple"}) {
    const auto type = model::find_service_type(name).value();
    for (const std::string_view profile : model::profile_names()) live(scenario, profile, type, false);
    if (is_changed_by_company(scenario)) continue;
    require(live(scenario, kDocumented, type, false) == live(scenario, kDocumented, type, true),
            "private fields change nothing", "receiver.private-extension-ignored");
  }
  return 0;
}
