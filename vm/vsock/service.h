// The running program: listens for a VMM, carries packets while there is one, and ends when it is asked to.
//
// One thread, one epoll. Move-only; socket files go away on every path.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "os/error.h"
#include "os/termination.h"
#include "vsock/connect_door.h"
#include "vsock/entrance.h"
#include "vsock/host_side.h"
#include "vsock/poller.h"
#include "vsock/switchboard.h"
#include "vsock/vhost_user_device.h"
#include "vsock/vhost_user_socket.h"

namespace notifyspec::vsock {

class Service {
 public:
  struct Options {
    HostAddress socket;              ///< where the VMM connects
    std::optional<int> socket_fd;    ///< the same, if it listens already
    std::vector<HostAddress> doors;  ///< where host programs connect
    Switchboard::Settings settings;
    bool once = false;  ///< ends with the first VMM
    bool verbose = false;
    Say warn = tell;  ///< what must be known
  };

  /// Says it on standard error.
  static void tell(std::string_view words);

  /// Listens everywhere; the error says what to do.
  static std::expected<std::unique_ptr<Service>, os::OsError> start(Options options);
  /// Serves until it is asked to end.
  std::expected<void, os::OsError> run();
  /// One round of serving: waits until something is ready, or so long, and does all that is due, or much of
  /// it; whether there may be more to do at once.
  std::expected<bool, os::OsError> step(std::optional<std::int64_t> at_most_usec);
  /// Connections that have not ended on either side yet.
  std::size_t n_connections() const { return switchboard_.n_connections(); }
  const Counts& counts() const { return switchboard_.counts(); }

 private:
  Service(Options options, os::Termination termination, Poller poller, HostListener listener);
  std::expected<void, os::OsError> open_doors();
  std::expected<void, os::OsError> turn(std::optional<std::int64_t> at_most_usec);
  void take(const Readiness& readiness);
  void admit_vmm();
  void hear_vmm();
  void lose_vmm(const std::string& reason);
  void hear_visitor(std::uint64_t visitor);
  /// Whether there may be more to do at once.
  bool pump();

  struct Vmm {
    VhostUserSocket socket;
    VhostUserDevice device;
  };

  Options options_;
  os::Termination termination_;
  Poller poller_;
  Entrance entrance_;
  Switchboard switchboard_;
  HostSide host_side_;
  ConnectDoor door_;
  std::optional<Vmm> vmm_;
  std::int64_t now_usec_ = 0;
  bool ended_ = false;
};

}  // namespace notifyspec::vsock
