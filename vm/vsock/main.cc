// notifyspec-vsock: a vhost-user vsock device for QEMU that carries SOCK_STREAM and SOCK_SEQPACKET between a
// guest and AF_UNIX sockets of the host.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "os/listening_socket.h"
#include "vsock/service.h"

namespace {

using namespace notifyspec;

constexpr int kGood = 0;
constexpr int kUsage = 2;
constexpr int kEnvironment = 5;

struct Arguments {
  std::string socket;
  std::optional<int> socket_fd;
  std::uint32_t cid = 0;
  std::vector<std::string> forwards;
  std::vector<std::string> doors;
  std::vector<std::string> faults;
  bool once = false;
  bool verbose = false;
};

int complain(int code, std::string_view reason) {
  fmt::print(stderr, "notifyspec-vsock: {}\n", reason);
  return code;
}

std::expected<vsock::Service::Options, std::string> read_options(const Arguments& arguments) {
  vsock::Service::Options options;
  if (arguments.socket.empty() == !arguments.socket_fd.has_value()) {
    return std::unexpected("either --socket PATH or --socket-fd N, for the VMM to connect to");
  }
  options.once = arguments.once;
  options.verbose = arguments.verbose;
  options.socket_fd = arguments.socket_fd;
  if (!arguments.socket.empty()) {
    auto socket = vsock::parse_host_address("stream:" + arguments.socket);
    if (!socket) return std::unexpected("--socket: " + socket.error());
    options.socket = *std::move(socket);
  }
  options.settings.guest_cid = arguments.cid;
  for (const std::string& text : arguments.forwards) {
    auto forward = vsock::parse_forward(text);
    if (!forward) return std::unexpected("--forward: " + forward.error());
    if (vsock::find(options.settings.forwards, forward->port, forward->to.kind) != nullptr) {
      return std::unexpected(fmt::format("--forward: port {} is given twice for one kind", forward->port));
    }
    options.settings.forwards.push_back(*std::move(forward));
  }
  for (const std::string& text : arguments.doors) {
    auto door = vsock::parse_host_address(text);
    if (!door) return std::unexpected("--connect: " + door.error());
    options.doors.push_back(*std::move(door));
  }
  for (const std::string& text : arguments.faults) {
    const auto added = options.settings.faults.add(text);
    if (!added) return std::unexpected("--fault: " + added.error());
  }
  return options;
}

/// A line for programs.
void tell(const nlohmann::json& line) {
  fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  std::fflush(stdout);
}

/// Bytes, by the direction in which they did not get through.
nlohmann::json to_json(const vsock::Counts& counts) {
  return {{"guest_to_host", counts.bytes_lost_out}, {"host_to_guest", counts.bytes_lost_in}};
}

int serve(const Arguments& arguments) {
  auto options = read_options(arguments);
  if (!options) return complain(kUsage, options.error());
  os::raise_fd_limit();
  os::ignore_write_signals();
  auto service = vsock::Service::start(*std::move(options));
  if (!service) return complain(kEnvironment, service.error().reason);
  nlohmann::json line = {{"listening", arguments.socket}};
  if (arguments.socket_fd) line["listening"] = *arguments.socket_fd;
  tell(line);
  const auto done = (*service)->run();
  complain(kGood, vsock::format((*service)->counts()));
  tell({{"lost", to_json((*service)->counts())}});
  if (!done) return complain(kEnvironment, done.error().reason);
  return kGood;
}

void add_options(CLI::App& app, Arguments& arguments) {
  app.add_option("--socket", arguments.socket, "Where the VMM connects: -chardev socket,path=PATH")
      ->type_name("PATH");
  app.add_option("--socket-fd", arguments.socket_fd,
                 "The same, if a listening socket was handed over as that fd")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option("--cid", arguments.cid, "The guest's context id: 3 or more")
      ->required()
      ->check(CLI::Range(3U, 4294967294U))
      ->type_name("N");
  app.add_option("--forward", arguments.forwards,
                 "PORT=KIND:/path or PORT=KIND:@name: what the guest opens to that port of CID 2 becomes a\n"
                 "connection to that AF_UNIX socket; KIND is stream or seqpacket (repeatable)")
      ->expected(1)
      ->take_all()
      ->type_name("FORWARD");
  app.add_option(
         "--connect", arguments.doors,
         "KIND:/path: host programs connect here, say 'CONNECT PORT' and a newline, and are connected\n"
         "to that port of the guest (repeatable)")
      ->expected(1)
      ->take_all()
      ->type_name("DOOR");
  app.add_option("--fault", arguments.faults,
                 "Do this wrong: no-seqpacket, refuse, no-half-close, byte-back, credit=BYTES,\n"
                 "reset-after=BYTES, slow=BYTES_PER_SECOND, delay-close=MILLISECONDS; with @PORT behind\n"
                 "it only for that service (repeatable)")
      ->expected(1)
      ->take_all()
      ->type_name("FAULT");
  app.add_flag("--once", arguments.once, "End when the VMM ends");
  app.add_flag("--verbose", arguments.verbose, "Say on standard error what happens");
  app.footer(
      "Prints one line of JSON once it listens. Ends on SIGTERM, SIGINT, SIGHUP, or when standard input is "
      "a\n"
      "pipe that ends; says then on standard error what was carried and what was not, and prints another\n"
      "line of JSON: how many bytes were lost.\n"
      "Exit status: 0 ended as asked; 2 wrong usage; 5 this machine cannot do what was asked.");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A vsock device for QEMU, carrying SOCK_STREAM and SOCK_SEQPACKET, without a kernel module",
               "notifyspec-vsock");
  app.set_version_flag("--version", "notifyspec-vsock " NOTIFYSPEC_VERSION);
  Arguments arguments;
  add_options(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kGood : kUsage;  // --help and --version end here, too
  }
  return serve(arguments);
}
