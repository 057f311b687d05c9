#include "model/service.h"

#include <algorithm>
#include <array>
#include <limits>

#include "wire/datagram.h"

namespace notifyspec::model {
namespace {

constexpr std::array<std::string_view, 3> kTypes = {"notify", "notify-reload", "simple"};

/// What no span and no instant is.
constexpr std::uint64_t kNoTime = std::numeric_limits<std::uint64_t>::max();

/// A type that the receiver does not know is as if it were not given.
ServiceType known_type(ServiceType type, const Profile& profile) {
  const bool unknown = type == ServiceType::kNotifyReload && !profile.has(Quirk::kNotifyReload);
  return unknown ? ServiceType::kSimple : type;
}

/// systemd.service(5): who needs messages gets those of the main process at least.
NotifyAccess effective_access(const ServiceSettings& settings, ServiceType type) {
  const bool needed = type != ServiceType::kSimple || settings.watchdog_usec > 0 || settings.fd_store_max > 0;
  if (settings.notify_access == NotifyAccess::kNone && needed) return NotifyAccess::kMain;
  return settings.notify_access;
}

}  // namespace

std::optional<ServiceType> find_service_type(std::string_view name) {
  const auto* const found = std::ranges::find(kTypes, name);
  if (found == kTypes.end()) return std::nullopt;
  return static_cast<ServiceType>(found - kTypes.begin());
}

Service::Service(const Profile& profile, const ServiceSettings& settings, Processes processes)
    : profile_(profile),
      type_(known_type(settings.type, profile_)),
      access_(effective_access(settings, type_)),
      processes_(std::move(processes)),
      lifecycle_(type_ == ServiceType::kSimple ? State::kRunning : State::kStarting, profile_),
      store_(settings.fd_store_max),
      main_pid_(processes_.pid_of(Role::kMain)),
      watchdog_usec_(settings.watchdog_usec) {}

void Service::ask_reload(std::uint64_t now_usec) {
  if (type_ != ServiceType::kNotifyReload) return;
  lifecycle_.fire(Event::kReloadAsked, {.seen_usec = now_usec, .said_usec = {}});
}

Fate Service::take(const Datagram& datagram) {
  n_fds_seen_ += datagram.n_fds;
  const auto bytes = payload(datagram);
  if (!bytes) return Fate::kDropped;
  LineReader lines(*bytes, profile_);
  if (lines.is_broken()) return Fate::kDropped;
  message_.read(lines, profile_);
  // Whatever stands beside it is dropped with it, and so is a barrier without its one fd (sd_notify(3)).
  if (message_.has(Key::kBarrier)) return Fate::kBarrier;
  if (!may_speak(datagram.pid)) return Fate::kRefused;
  apply(datagram);
  return Fate::kTaken;
}

std::optional<std::string_view> Service::payload(const Datagram& datagram) const {
  std::string_view bytes = datagram.bytes;
  if (datagram.truncated) return std::nullopt;
  if (profile_.has(Quirk::kSizeLimit) && bytes.size() > wire::kDatagramLimit) return std::nullopt;
  if (!profile_.has(Quirk::kNulRules)) return bytes;
  if (bytes.ends_with('\0')) bytes.remove_suffix(1);
  if (bytes.find('\0') != std::string_view::npos) return std::nullopt;
  return bytes;
}

bool Service::may_speak(std::int64_t pid) const {
  const bool is_main = pid == main_pid_;
  const Process* const process = processes_.find(pid);
  const bool of_service = process != nullptr && process->role != Role::kStranger;
  switch (notify_access()) {
    case NotifyAccess::kNone:
      return false;
    case NotifyAccess::kMain:
    case NotifyAccess::kExec:
      return is_main;
    case NotifyAccess::kAll:
      return is_main || of_service;
  }
  return false;
}

// In an order of its own, whatever the order of the lines: who is the main process is settled first, and fds
// go to the store last.
void Service::apply(const Datagram& datagram) {
  n_fds_here_ = datagram.n_fds;
  take_main_pid(datagram);
  take_lifecycle(datagram);
  take_status();
  take_notify_access();
  take_errors();
  take_watchdog(datagram);
  take_restart_reset();
  take_fds(datagram);
}

void Service::take_main_pid(const Datagram& datagram) {
  if (profile_.has(Quirk::kMainPidFd) && message_.has(Key::kMainPidFd)) {
    // It beats MAINPID=. An fd that is no pidfd names nobody, but is used up.
    if (n_fds_here_ == 1) n_fds_here_ = 0;
    return;
  }
  const auto pid = message_.number(Key::kMainPid);
  if (!pid) return;
  const Process* const named = processes_.find(static_cast<std::int64_t>(*pid));
  if (named == nullptr) return;  // dead, or the manager itself
  if (profile_.has(Quirk::kMainPidFd)) {
    if (message_.is_invalid(Key::kMainPidFdId)) return;
    const auto id = message_.number(Key::kMainPidFdId);
    if (id && named->pidfd_id && *named->pidfd_id != *id) return;
  }
  const bool stops = state() == State::kStopping;
  if (state() == State::kAborting || (stops && !profile_.has(Quirk::kMainPidWhileStopping))) return;
  if (named->role == Role::kStranger && datagram.uid != 0) return;
  main_pid_ = named->pid;
}

std::optional<Event> Service::announced_event() const {
  if (profile_.has(Quirk::kLastLifecycleWins)) {
    const auto last = message_.last_lifecycle();
    if (!last) return std::nullopt;
    return *last == Key::kReady       ? Event::kReady
           : *last == Key::kReloading ? Event::kReloading
                                      : Event::kStopping;
  }
  if (message_.has(Key::kStopping)) return Event::kStopping;
  if (message_.has(Key::kReady)) return message_.has(Key::kReloading) ? Event::kReloaded : Event::kReady;
  if (message_.has(Key::kReloading)) return Event::kReloading;
  return std::nullopt;
}

void Service::take_lifecycle(const Datagram& datagram) {
  const auto event = announced_event();
  if (!event) return;
  auto said_usec = message_.number(Key::kMonotonicUsec);
  if (said_usec == kNoTime) said_usec.reset();
  fire(*event, {.seen_usec = datagram.seen_usec, .said_usec = said_usec});
}

void Service::fire(Event event, const Moment& moment) {
  const State before = state();
  lifecycle_.fire(event, moment);
  const bool started = before == State::kStarting && state() == State::kRunning;
  const bool stops = before != State::kStopping && state() == State::kStopping;
  const bool forgets = (started && profile_.has(Quirk::kStartForgetsKeepAlive)) ||
                       (stops && profile_.has(Quirk::kStopForgetsKeepAlive));
  if (forgets && watchdog_ == Watchdog::kKeptAlive) watchdog_ = Watchdog::kNone;
}

void Service::take_status() {
  if (const auto text = message_.text(Key::kStatus)) {
    status_.assign(*text);
  } else if (message_.is_invalid(Key::kStatus) && profile_.has(Quirk::kInvalidStatusClears)) {
    status_.clear();
  }
}

void Service::take_notify_access() {
  if (!profile_.has(Quirk::kNotifyAccess)) return;
  if (const auto word = message_.text(Key::kNotifyAccess)) {
    access_override_ = find_notify_access(*word);
  } else if (message_.is_invalid(Key::kNotifyAccess) && profile_.has(Quirk::kInvalidAccessResets)) {
    access_override_.reset();
  }
}

void Service::take_errors() {
  errno_ = message_.number(Key::kErrno).value_or(errno_);
  if (!profile_.has(Quirk::kErrorNames)) return;
  if (const auto error = message_.text(Key::kBusError)) bus_error_.assign(*error);
  if (const auto error = message_.text(Key::kVarlinkError)) varlink_error_.assign(*error);
}

void Service::feed_watchdog() {
  if (watchdog_ == Watchdog::kTriggered) return;
  const bool off = watchdog_usec_ == 0 || watchdog_usec_ == kNoTime;
  watchdog_ = off && profile_.has(Quirk::kOnlyARunningWatchdogIsFed) ? Watchdog::kNone : Watchdog::kKeptAlive;
}

void Service::take_watchdog(const Datagram& datagram) {
  if (const auto usec = message_.number(Key::kExtendTimeoutUsec)) {
    const bool nothing = *usec == 0 || *usec == kNoTime;
    if (!nothing || !profile_.has(Quirk::kBoundedExtension)) extension_usec_ = *usec;
  }
  if (const auto word = message_.text(Key::kWatchdog)) {
    if (*word == "1") {
      feed_watchdog();
    } else {
      watchdog_ = Watchdog::kTriggered;
      fire(Event::kWatchdog, {.seen_usec = datagram.seen_usec, .said_usec = {}});
    }
  }
  if (const auto usec = message_.number(Key::kWatchdogUsec)) {
    watchdog_usec_ = *usec;
    if (profile_.has(Quirk::kIntervalFeedsWatchdog)) feed_watchdog();
  }
}

void Service::take_restart_reset() {
  if (!profile_.has(Quirk::kRestartReset) || !message_.has(Key::kRestartReset)) return;
  if (profile_.has(Quirk::kRestartResetWhileRunning) && state() != State::kRunning) return;
  restart_reset_ = true;
}

void Service::take_fds(const Datagram& datagram) {
  const auto name = message_.text(Key::kFdName);
  if (message_.has(Key::kFdStoreRemove)) {
    if (name) store_.remove(*name);
  } else if (message_.has(Key::kFdStore)) {
    const std::uint64_t first = n_fds_seen_ - datagram.n_fds;
    store_.keep(first, n_fds_here_, name.value_or("stored"));
  }
}

Conclusion Service::conclude() const {
  constexpr std::array<std::string_view, 3> kWatchdog = {"none", "kept-alive", "triggered"};
  const Process* const main = main_pid_ ? processes_.find(*main_pid_) : nullptr;
  return {
      {"state", std::string(name(state()))},
      {"status", status_},
      {"errno", std::to_string(errno_)},
      {"bus_error", bus_error_},
      {"varlink_error", varlink_error_},
      {"main_pid", main == nullptr ? "none" : std::string(name(main->role))},
      {"watchdog_usec", std::to_string(watchdog_usec_)},
      {"watchdog", std::string(kWatchdog[static_cast<std::size_t>(watchdog_)])},
      {"extend_timeout_usec", std::to_string(extension_usec_)},
      {"notify_access", std::string(name(notify_access()))},
      {"fds_stored", std::to_string(store_.fds().size())},
      {"fd_names", store_.names()},
      {"restart_reset", restart_reset_ ? "yes" : "no"},
  };
}

}  // namespace notifyspec::model
