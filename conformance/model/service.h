// The service: what a service manager concludes from all that is sent to it about one service.
//
// Datagrams are taken one after the other, each with its sender as the kernel names it, the number of fds
// that came along, and the time. Rules (sd_notify(3), systemd.service(5)): a barrier stands alone and asks
// for nothing but the closing of its fd; all else counts only from whom NotifyAccess= lets speak; a datagram
// that is dropped is dropped whole. In what receivers differ, the profile decides (quirk.h). Pure: has no
// clock, no socket and no fd.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/fd_store.h"
#include "model/lifecycle.h"
#include "model/message.h"
#include "model/notify_access.h"
#include "model/process.h"
#include "model/profile.h"

namespace notifyspec::model {

enum class ServiceType : std::uint8_t { kNotify, kNotifyReload, kSimple };

/// The type of that name ("notify", "notify-reload", "simple"), or nothing.
std::optional<ServiceType> find_service_type(std::string_view name);

/// What the manager was told of the service.
struct ServiceSettings {
  ServiceType type = ServiceType::kNotify;
  NotifyAccess notify_access = NotifyAccess::kMain;
  std::size_t fd_store_max = 0;
  std::uint64_t watchdog_usec = 0;
};

/// One datagram as it came.
struct Datagram {
  std::string_view bytes;
  std::int64_t pid = 0;  ///< of its sender, as all three of them
  std::uint32_t uid = 0;
  std::size_t n_fds = 0;
  bool truncated = false;       ///< something of it did not fit
  std::uint64_t seen_usec = 0;  ///< CLOCK_MONOTONIC, when it was received
};

/// What became of a datagram.
enum class Fate : std::uint8_t {
  kTaken,
  kDropped,  ///< it breaks a rule for whole datagrams
  kBarrier,
  kRefused,  ///< its sender may not speak for the service
};

/// Member and value, as fixtures/README.md has them. All members are there but those that need more than one
/// receiver's eyes.
using Conclusion = std::vector<std::pair<std::string_view, std::string>>;

class Service {
 public:
  Service(const Profile& profile, const ServiceSettings& settings, Processes processes);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Its fds get the next numbers; those that are not in stored_fds() afterwards are to be closed.
  Fate take(const Datagram& datagram);

  /// The manager is asked to reload the service. Nothing comes of it where the type knows no reload.
  void ask_reload(std::uint64_t now_usec);

  State state() const { return lifecycle_.state(); }
  std::span<const StoredFd> stored_fds() const { return store_.fds(); }
  std::uint64_t n_fds_seen() const { return n_fds_seen_; }
  Conclusion conclude() const;

 private:
  enum class Watchdog : std::uint8_t { kNone, kKeptAlive, kTriggered };

  std::optional<std::string_view> payload(const Datagram& datagram) const;
  bool may_speak(std::int64_t pid) const;
  NotifyAccess notify_access() const { return access_override_.value_or(access_); }
  void apply(const Datagram& datagram);
  void take_main_pid(const Datagram& datagram);
  void take_lifecycle(const Datagram& datagram);
  void take_status();
  void take_notify_access();
  void take_errors();
  void take_watchdog(const Datagram& datagram);
  void take_restart_reset();
  void take_fds(const Datagram& datagram);
  std::optional<Event> announced_event() const;
  void fire(Event event, const Moment& moment);
  void feed_watchdog();

  Profile profile_;
  ServiceType type_;
  NotifyAccess access_;
  Processes processes_;
  Message message_;  ///< the latest, so that its memory is used again
  Lifecycle lifecycle_;
  FdStore store_;
  std::uint64_t n_fds_seen_ = 0;
  std::size_t n_fds_here_ = 0;  ///< of the message that is being taken: those nobody has used yet
  std::optional<NotifyAccess> access_override_;
  std::optional<std::int64_t> main_pid_;
  std::string status_, bus_error_, varlink_error_;
  std::uint64_t errno_ = 0;
  std::uint64_t watchdog_usec_;
  Watchdog watchdog_ = Watchdog::kNone;
  std::uint64_t extension_usec_ = 0;
  bool restart_reset_ = false;
};

}  // namespace notifyspec::model
