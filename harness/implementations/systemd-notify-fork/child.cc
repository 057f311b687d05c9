#include "child.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/complaint.h"
#include "os/mailbox.h"
#include "os/message.h"
#include "os/socket_address.h"
#include "wire/address.h"

namespace notifyspec::fork_adapter {
namespace {

using os::UniqueFd;

std::expected<UniqueFd, os::OsError> connected(int type, const wire::UnixAddress& to) {
  UniqueFd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  const os::SocketAddress address = os::to_socket_address(to);
  if (!socket || ::connect(socket.get(), address.get(), address.length) != 0)
    return std::unexpected(os::last_error("cannot connect to " + wire::format(wire::Address(to))));
  return socket;
}

class Child {
 public:
  Child(os::Mailbox mailbox, UniqueFd connection, UniqueFd onward, wire::UnixAddress onward_name,
        long main_pid)
      : mailbox_(std::move(mailbox)),
        connection_(std::move(connection)),
        onward_(std::move(onward)),
        onward_name_(std::move(onward_name)),
        main_pid_(main_pid) {}

  void run() {
    say(kListening);
    while (true) {
      std::array<pollfd, 2> waiting = {pollfd{mailbox_.fd(), POLLIN, 0},
                                       pollfd{connection_.get(), POLLIN, 0}};
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      pass_on_all();
      if ((waiting[1].revents & (POLLIN | POLLHUP)) == 0) continue;
      char request = 0;
      if (::recv(connection_.get(), &request, sizeof request, 0) <= 0) return;
      pass_on_all();
      say(answer());
    }
  }

 private:
  void say(std::string_view words) const {
    ::send(connection_.get(), words.data(), words.size(), MSG_NOSIGNAL);
  }

  void pass_on_all() {
    while (true) {
      auto letter = mailbox_.receive();
      if (!letter || !*letter) return;
      pass_on(**letter);
    }
  }

  /// One after the other, so that what comes behind READY=1 finds nobody, however fast it comes.
  void pass_on(const os::Letter& letter) {
    if (letter.pid != main_pid_) stranger_ = true;
    std::vector<int> fds;
    fds.reserve(letter.fds.size());
    for (const UniqueFd& each : letter.fds) fds.push_back(each.get());
    if (os::send_message(onward_.get(), nullptr, letter.data, fds) < 0) {
      (errno == EPERM ? refused_ : too_late_) = true;
      return;
    }
    while (is_listened_to() && !has_taken_all()) ::sched_yield();
  }

  std::string_view answer() const {
    if (stranger_) return kStranger;
    if (refused_) return kRefused;
    if (too_late_) return kTooLate;
    return is_listened_to() ? kHeard : kDeaf;
  }

  bool is_listened_to() const { return connected(SOCK_DGRAM, onward_name_).has_value(); }

  /// No barrier tells, since it takes no fds where the kernel lets it say so (SO_PASSRIGHTS, Linux 6.16): but
  /// once nothing waits in its socket, and it waits for more, it has taken all. It has one thread.
  bool has_taken_all() const {
    int waiting = 0;
    if (::ioctl(onward_.get(), SIOCOUTQ, &waiting) != 0 || waiting != 0) return false;
    std::ifstream file("/proc/" + std::to_string(::getppid()) + "/syscall");
    long number = -1;
    file >> number;
    return number == SYS_epoll_pwait || number == SYS_epoll_pwait2
#ifdef SYS_epoll_wait
           || number == SYS_epoll_wait
#endif
        ;
  }

  os::Mailbox mailbox_;
  UniqueFd connection_;
  UniqueFd onward_;  ///< connected to $NOTIFY_SOCKET
  wire::UnixAddress onward_name_;
  long main_pid_;
  bool stranger_ = false;
  bool refused_ = false;
  bool too_late_ = false;
};

}  // namespace

cli::ExitCode run_child(const ChildArguments& arguments) {
  const char* const variable = std::getenv("NOTIFY_SOCKET");
  const auto told = wire::parse_notify_socket(variable == nullptr ? "" : variable);
  if (!told || !std::holds_alternative<wire::UnixAddress>(*told))
    return cli::complain(cli::ExitCode::kAdapterFailed, "systemd-notify --fork has told no address");
  const auto& name = std::get<wire::UnixAddress>(*told);
  auto onward = connected(SOCK_DGRAM, name);
  if (!onward) return cli::complain(cli::ExitCode::kEnvironment, onward.error().reason);
  auto mailbox = os::Mailbox::bind({arguments.address, true});
  if (!mailbox) return cli::complain(cli::ExitCode::kEnvironment, mailbox.error().reason);
  auto connection = connected(SOCK_SEQPACKET, {arguments.connection, true});
  if (!connection) return cli::complain(cli::ExitCode::kEnvironment, connection.error().reason);
  Child(std::move(*mailbox), std::move(*connection), std::move(*onward), name, arguments.main_pid).run();
  return cli::ExitCode::kConforms;
}

}  // namespace notifyspec::fork_adapter
