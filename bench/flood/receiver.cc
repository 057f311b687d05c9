// What stands before a flood (sender.cc): this project's receiver in a loop, which counts what comes and how
// long each message was on its way.
//
// usage: flood-receiver ADDRESS LATENCIES
// Says {"listening":true} once it hears; after the flood's last message
// {"flood": its messages,"others": of the other sender,"refused": not looked into}
// and LATENCIES then is a file of as many 64-bit numbers as there were messages of the flood, nanoseconds in
// the order of their coming.
#include <poll.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "os/listening_socket.h"
#include "receiver/notify_receiver.h"
#include "stamp.h"
#include "wire/address.h"

namespace {

using namespace notifyspec;

constexpr int kUsage = 2, kEnvironment = 5;
constexpr int kPatienceMs = 30'000;  // without any message
constexpr std::size_t kRoom = 4'000'000;

struct Seen {
  std::vector<std::int64_t> latencies;
  std::uint64_t others = 0;
  bool is_over = false;

  void take(const receiver::Delivery& delivery) {
    if (!delivery.lines) return;
    bool is_flood = false;
    for (const std::string_view line : *delivery.lines) {
      if (receiver::classify(line).tag != receiver::Tag::kUnknown) continue;
      if (const auto sent = bench::sent_nsec(line)) {
        latencies.push_back(bench::now_nsec() - *sent);
        is_flood = true;
      }
      is_over = is_over || line == bench::kOver;
    }
    others += is_flood ? 0 : 1;
  }
};

void run(const wire::UnixAddress& address, const char* file) {
  auto receiver = receiver::NotifyReceiver::bind(address);
  if (!receiver) throw std::runtime_error(receiver.error().reason);
  Seen seen;
  seen.latencies.reserve(kRoom);
  std::printf("{\"listening\":true}\n");
  std::fflush(stdout);
  while (!seen.is_over) {
    pollfd readable = {.fd = receiver->fd(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, kPatienceMs) != 1) throw std::runtime_error("nothing comes any more");
    const auto count = receiver->receive([&seen](receiver::Delivery& delivery) { seen.take(delivery); });
    if (!count) throw std::runtime_error(count.error().reason);
  }
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(seen.latencies.data()),
            static_cast<std::streamsize>(seen.latencies.size() * sizeof seen.latencies.front()));
  if (!out.flush()) throw std::runtime_error("cannot write the latencies");
  const auto& refused = receiver->counts().refused;
  const std::uint64_t n_refused = std::accumulate(refused.begin(), refused.end(), std::uint64_t{0});
  std::printf("{\"flood\":%zu,\"others\":%ju,\"refused\":%ju}\n", seen.latencies.size(),
              std::uintmax_t{seen.others}, std::uintmax_t{n_refused});
}

}  // namespace

int main(int argc, char** argv) try {
  const auto address = wire::parse_notify_socket(argc == 3 ? argv[1] : "");
  const auto* const local = address ? std::get_if<wire::UnixAddress>(&*address) : nullptr;
  if (local == nullptr) {
    std::fprintf(stderr, "usage: flood-receiver ADDRESS LATENCIES\n");
    return kUsage;
  }
  os::raise_fd_limit();  // for whole batches (os/batch.h)
  run(*local, argv[2]);
} catch (const std::exception& error) {
  std::fprintf(stderr, "flood-receiver: %s\n", error.what());
  return kEnvironment;
}
