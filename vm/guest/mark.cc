// A mark: the first thing that it does is look at the clock, and then it tells the recorder that it began to
// run.
//
// Planted in the system under test and linked statically, so that it runs as early as anything can: as a
// generator (the manager gives those three folders; it also tells the host name, before any unit can change
// it), or in a unit as `mark SUBJECT VALUE`, or as `mark --environment SUBJECT NAME`, which tells the value
// of an environment variable. It never fails: the system under test must not notice it.
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

namespace {

constexpr const char* kControl = "/run/host/notifyspec/control";

std::int64_t now_usec() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

/// As a JSON string. What is no printable ASCII is shown as '?': names and socket addresses are all that is
/// sent.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') result += '\\';
    result += character < ' ' || character > '~' ? '?' : character;
  }
  return result + '"';
}

void tell(std::string_view subject, std::string_view value, std::int64_t at_usec) {
  const std::string line = R"({"kind":"observation","subject":)" + quoted(subject) + R"(,"value":)" +
                           quoted(value) + R"(,"monotonic_usec":)" + std::to_string(at_usec) + "}";
  sockaddr_un control{};
  control.sun_family = AF_UNIX;
  std::strncpy(control.sun_path, kControl, sizeof(control.sun_path) - 1);
  const int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0) return;
  sendto(socket_fd, line.data(), line.size(), 0, reinterpret_cast<const sockaddr*>(&control),
         sizeof(control));
  close(socket_fd);
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t began_usec = now_usec();
  if (argc == 4 && std::string_view(argv[1]) == "--environment") {
    const char* value = std::getenv(argv[3]);
    tell(argv[2], value == nullptr ? "" : value, began_usec);
  } else if (argc == 4 && argv[1][0] == '/') {
    tell("process", "generator", began_usec);
    utsname system{};
    if (uname(&system) == 0) tell("hostname", system.nodename, began_usec);
  } else if (argc == 3) {
    tell(argv[1], argv[2], began_usec);
  }
  return 0;
}
