// The agent: runs commands inside a machine for the harness, which cannot enter it as it enters a container.
//
// `agent PORT` listens on AF_VSOCK, STREAM, every CID (`agent /path` on AF_UNIX, for its tests) and says
// READY=1 to $NOTIFY_SOCKET. A connection is one command. The request is words, each with a NUL behind it, up
// to the peer's end: assignments of the environment, an empty word, the command line. The answer is one line
// "STATUS OUT_BYTES ERR_BYTES", then what the command wrote to standard output, then to standard error.
// STATUS is the exit status, 128 + the signal that killed it, or 127 where it could not be run. Each
// connection has a process of its own, so that nothing that a peer does concerns another. Does not limit who
// may ask: whoever reaches the port is the harness.
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "guest/peer.h"

namespace {

using namespace notifyspec;  // NOLINT: this file is the program

constexpr int kNotRun = 127;
constexpr int kKilled = 128;

struct Request {
  std::vector<std::string> environment, words;
};

struct Answer {
  int status = kNotRun;
  std::string out, err;
};

/// Appends what can be read at once; whether more may come.
bool read_more(int fd, std::string& text) {
  std::array<char, 1 << 16> buffer;
  const ssize_t length = read(fd, buffer.data(), buffer.size());
  if (length > 0) text.append(buffer.data(), static_cast<std::size_t>(length));
  return length > 0 || (length < 0 && (errno == EINTR || errno == EAGAIN));
}

/// Nothing where a word is not ended, or there is no command.
std::optional<Request> parse_request(std::string_view text) {
  Request request;
  bool command = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (word.empty() && !command) {
      command = true;
    } else {
      (command ? request.words : request.environment).emplace_back(word);
    }
  }
  if (request.words.empty()) return std::nullopt;
  return request;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// In the child: becomes the command.
[[noreturn]] void become(Request& request, int out, int err) {
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  std::signal(SIGCHLD, SIG_DFL);
  std::vector<char*> environment = pointers(request.environment);
  std::vector<char*> words = pointers(request.words);
  environ = environment.data();  // so that the search goes by the PATH of the request
  execvp(words.front(), words.data());
  std::fprintf(stderr, "agent: cannot run %s: %s\n", words.front(), std::strerror(errno));
  std::fflush(stderr);
  _exit(kNotRun);
}

struct Pipe {
  os::UniqueFd read, write;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> fds;
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe result = {.read = os::UniqueFd(fds[0]), .write = os::UniqueFd(fds[1])};
  // Its reader must not wait for a process that the command has left behind; the command itself must not
  // notice.
  fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return result;
}

/// Reads both pipes until the command is over, or they are.
void drain(int process, const Pipe& out, const Pipe& err, Answer& answer) {
  std::array<pollfd, 3> watched = {{{.fd = out.read.get(), .events = POLLIN, .revents = 0},
                                    {.fd = err.read.get(), .events = POLLIN, .revents = 0},
                                    {.fd = process, .events = POLLIN, .revents = 0}}};
  bool over = false;
  while (!over) {
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
    over = watched[2].revents != 0;
    // What the command wrote is there in whole once it is over, so this last look takes it all.
    for (const auto& [place, text] : {std::pair{0, &answer.out}, std::pair{1, &answer.err}}) {
      pollfd& pipe = watched[static_cast<std::size_t>(place)];
      if (pipe.fd < 0) continue;
      bool more = true;
      do {
        const std::size_t before = text->size();
        more = read_more(pipe.fd, *text);
        if (text->size() == before) break;
      } while (more);
      if (!more) pipe.fd = -1;
    }
  }
}

Answer run(Request& request) {
  Answer answer;
  auto out = make_pipe(), err = make_pipe();
  if (!out || !err) return {.status = kNotRun, .out = {}, .err = "agent: no pipe\n"};
  const pid_t child = fork();
  if (child == 0) become(request, out->write.get(), err->write.get());
  if (child < 0) return {.status = kNotRun, .out = {}, .err = "agent: cannot fork\n"};
  out->write = os::UniqueFd();
  err->write = os::UniqueFd();
  const os::UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  drain(process.get(), *out, *err, answer);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  answer.status = WIFSIGNALED(status) ? kKilled + WTERMSIG(status) : WEXITSTATUS(status);
  return answer;
}

void serve(int connection) {
  std::string text;
  while (read_more(connection, text)) {
  }
  auto request = parse_request(text);
  const Answer answer =
      request ? run(*request) : Answer{.status = kNotRun, .out = {}, .err = "agent: not a request\n"};
  const std::string line = std::to_string(answer.status) + ' ' + std::to_string(answer.out.size()) + ' ' +
                           std::to_string(answer.err.size()) + '\n';
  for (const std::string* const part : {&line, &answer.out, &answer.err}) {
    if (guest::send_all(connection, *part) != 0) return;
  }
}

std::optional<guest::PeerAddress> listening_address(std::string_view text) {
  if (text.starts_with('/')) return guest::unix_address(text, SOCK_STREAM);
  const auto port = guest::parse_number(text);
  if (!port) return std::nullopt;
  return guest::vsock_address(VMADDR_CID_ANY, *port, SOCK_STREAM);
}

int complain(const char* what) {
  std::fprintf(stderr, "agent: %s: %s\n", what, std::strerror(errno));
  return EXIT_FAILURE;
}

int serve_all(int listener) {
  while (true) {
    os::UniqueFd connection(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection && (errno == EBADF || errno == EINVAL || errno == ENOTSOCK))
      return complain("cannot accept");
    if (!connection || fork() != 0)
      continue;  // where no process is to be had, the peer sees its connection end
    std::signal(SIGCHLD, SIG_DFL);
    serve(connection.get());
    _exit(EXIT_SUCCESS);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto address = argc == 2 ? listening_address(argv[1]) : std::nullopt;
  if (!address) {
    std::fprintf(stderr, "Usage: agent PORT\n");
    return 2;
  }
  std::signal(SIGCHLD, SIG_IGN);  // nobody waits for those who serve
  const os::UniqueFd listener(socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener) return complain("cannot make a socket");
  if (bind(listener.get(), address->get(), address->length) != 0) return complain("cannot bind");
  if (listen(listener.get(), SOMAXCONN) != 0) return complain("cannot listen");
  guest::tell_ready();
  return serve_all(listener.get());
}
