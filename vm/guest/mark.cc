// A mark: the first thing that it does is look at the clock, and then it tells the recorder that it began to
// run.
//
// Planted in the system under test and linked statically, so that it runs as early as anything can: as a
// generator (the manager gives those three folders; it also tells the host name, before any unit can change
// it), or in a unit as `mark SUBJECT VALUE`, or as `mark --environment SUBJECT NAME`, which tells the value
// of an environment variable. So it never fails: the system under test must not notice it.
//
// Two forms are services of their own, and may fail: `mark --relay PATH SUBJECT` is a notify socket inside
// the system and tells each datagram as an observation; `mark --copy PORT` copies its standard input to the
// host.
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "guest/peer.h"
#include "guest/telling.h"

namespace {

using namespace notifyspec;  // NOLINT: this file is the program

int complain(const char* what) {
  std::fprintf(stderr, "mark: %s: %s\n", what, std::strerror(errno));
  return EXIT_FAILURE;
}

/// Makes the folders above `path`, with whatever mode is usual; whether they are there is seen later.
void make_parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    constexpr mode_t kFolder = 0755;
    (void)mkdir(path.substr(0, slash).c_str(), kFolder);
  }
}

int relay(const std::string& path, std::string_view subject) {
  const auto address = guest::unix_address(path, SOCK_DGRAM);
  const os::UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || !address) return complain("cannot make a socket");
  make_parents(path);
  (void)unlink(path.c_str());
  if (bind(fd.get(), address->get(), address->length) != 0) return complain("cannot bind");
  constexpr mode_t kEverybody = 0666;
  if (chmod(path.c_str(), kEverybody) != 0) return complain("cannot open the socket to everybody");
  guest::tell_ready();
  static std::array<char, 1 << 18> buffer;
  while (true) {
    const ssize_t length = recv(fd.get(), buffer.data(), buffer.size(), 0);
    const std::int64_t came_usec = guest::now_usec();
    if (length < 0 && errno != EINTR) return complain("cannot receive");
    if (length >= 0)
      guest::tell(subject, std::string_view(buffer.data(), static_cast<std::size_t>(length)), came_usec);
  }
}

int copy(std::string_view port_text) {
  constexpr std::uint32_t kHost = 2;  // VMADDR_CID_HOST
  constexpr int kPatienceS = 60;
  const auto port = guest::parse_number(port_text);
  if (!port) return EXIT_FAILURE;
  os::UniqueFd peer;
  errno = guest::connect_to(guest::vsock_address(kHost, *port, SOCK_STREAM), peer);
  if (errno != 0) return complain("cannot connect");
  static std::array<char, 1 << 16> buffer;
  while (true) {
    const ssize_t length = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return complain("cannot read standard input");
    if (length == 0) break;
    errno = guest::send_all(peer.get(), {buffer.data(), static_cast<std::size_t>(length)});
    if (errno != 0) return complain("cannot send");
  }
  errno = guest::end_and_wait(peer.get(), kPatienceS);
  return errno == 0 ? EXIT_SUCCESS : complain("the host did not close");
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t began_usec = guest::now_usec();
  const std::string_view form = argc > 1 ? argv[1] : "";
  if (argc == 4 && form == "--relay") return relay(argv[2], argv[3]);
  if (argc == 3 && form == "--copy") return copy(argv[2]);
  if (argc == 4 && form == "--environment") {
    const char* const value = std::getenv(argv[3]);
    guest::tell(argv[2], value == nullptr ? "" : value, began_usec);
  } else if (argc == 4 && form.starts_with('/')) {
    guest::tell("process", "generator", began_usec);
    utsname system = {};
    if (uname(&system) == 0) guest::tell("hostname", system.nodename, began_usec);
  } else if (argc == 3) {
    guest::tell(argv[1], argv[2], began_usec);
  }
  return EXIT_SUCCESS;
}
