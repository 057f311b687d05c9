#include "os/deputy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "os/message.h"

namespace notifyspec::os {
namespace {

/// What goes before the data of each order.
struct Order {
  SocketAddress to;
  int flags;
};

constexpr std::size_t kLongestOrder = std::size_t{1} << 20;

/// errno of moving this process to `cgroup`, or 0.
int move_to(const std::string& cgroup) {
  if (cgroup.empty()) return 0;
  const UniqueFd file(::open((cgroup + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), "0", 1) == 1 ? 0 : errno;
}

void answer(int line, int code) {
  (void)::send(line, &code, sizeof code, MSG_NOSIGNAL);
}

/// The whole life of a deputy.
[[noreturn]] void serve(int line, const DeputySetup& setup, pid_t master) {
  int code = move_to(setup.cgroup);
  if (code == 0 && setup.uid)
    if (const auto done = become(*setup.uid); !done) code = done.error().code;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a change of user ids would undo it
  if (getppid() != master) _exit(1);
  answer(line, code);
  std::vector<char> buffer(kLongestOrder);
  std::vector<UniqueFd> fds;
  while (code == 0) {
    const ssize_t length = receive_message(line, buffer, fds);
    if (length < static_cast<ssize_t>(sizeof(Order))) break;
    Order order;
    std::memcpy(&order, buffer.data(), sizeof order);
    const std::string_view data(buffer.data() + sizeof order,
                                static_cast<std::size_t>(length) - sizeof order);
    std::vector<int> numbers;
    numbers.reserve(fds.size());
    for (const UniqueFd& fd : fds) numbers.push_back(fd.get());
    const auto sent = send_once(order.to, data, numbers, order.flags);
    fds.clear();
    answer(line, sent ? 0 : sent.error().code);
  }
  _exit(0);
}

/// errno that the deputy answers with; EPIPE where it is gone.
int answer_of(int line) {
  int code = EPIPE;
  ssize_t length = -1;
  do {
    length = ::recv(line, &code, sizeof code, 0);
  } while (length < 0 && errno == EINTR);
  return length == sizeof code ? code : EPIPE;
}

}  // namespace

std::expected<Deputy, OsError> Deputy::start(const DeputySetup& setup) {
  std::array<int, 2> ends;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return std::unexpected(last_error("cannot make a socket pair"));
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  widen_send_buffer(ours.get());
  const pid_t master = getpid();
  const pid_t pid = fork();
  if (pid < 0) return std::unexpected(last_error("cannot make another process"));
  if (pid == 0) {
    ours = UniqueFd();
    serve(theirs.get(), setup, master);
  }
  Deputy deputy(pid, std::move(ours));
  theirs = UniqueFd();
  const int code = answer_of(deputy.line_.get());
  if (code != 0) return std::unexpected(error_of(code, "another process cannot become what it should"));
  return deputy;
}

Deputy::Deputy(Deputy&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), line_(std::move(other.line_)) {}

Deputy& Deputy::operator=(Deputy&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(line_, other.line_);
  return *this;
}

Deputy::~Deputy() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::expected<void, OsError> Deputy::send(const SocketAddress& to, std::string_view data,
                                          std::span<const int> fds, int flags) {
  const Order order = {.to = to, .flags = flags};
  std::string bytes(reinterpret_cast<const char*>(&order), sizeof order);
  bytes += data;
  if (bytes.size() > kLongestOrder) return std::unexpected(error_of(EMSGSIZE, "cannot send"));
  if (send_message(line_.get(), nullptr, bytes, fds) < 0)
    return std::unexpected(last_error("the other process is gone"));
  const int code = answer_of(line_.get());
  if (code != 0) return std::unexpected(error_of(code, fmt::format("cannot send {} bytes", data.size())));
  return {};
}

std::expected<void, OsError> become(uid_t uid) {
  const bool done =
      setgroups(0, nullptr) == 0 && setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0;
  if (done) return {};
  return std::unexpected(last_error(fmt::format("cannot become user {}", uid)));
}

std::expected<void, OsError> send_once(const SocketAddress& to, std::string_view data,
                                       std::span<const int> fds, int flags) {
  auto socket = make_socket(AF_UNIX, wire::SocketType::kDgram, 0);
  if (!socket) return std::unexpected(socket.error());
  widen_send_buffer(socket->get());
  if (send_message(socket->get(), &to, data, fds, flags) >= 0) return {};
  return std::unexpected(last_error(fmt::format("cannot send {} bytes", data.size())));
}

}  // namespace notifyspec::os
