// What is counted exactly, under callgrind: instructions and system calls of each case; and what this program
// counts itself: allocations, and fds that are left (counts.py, budgets/).
//
// usage: notifyspec_counted [--plant instructions|system-call|allocation|fd]: with some more of them, to see
// the gate red.
//
// Without callgrind it does the same and counts the rest. JSON Lines out, the first of what it was built
// with:
// {"case": "split/reload",
// "messages": 64, "allocations": 0, "fds": 0}; callgrind's own figures are dumped under the name of the case.
#include <gnu/libc-version.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "allocations.h"
#include "keep.h"
#include "model/service.h"
#include "payload.h"
#include "receive_way.h"
#include "receiver/tag.h"
#include "split_way.h"
#include "text_file.h"
#include "verdict/judge.h"
#include "wire/trace.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;

constexpr std::uint64_t kMessages = 64;
constexpr std::uint64_t kBurst = 8;

enum class Plant : std::uint8_t { kNothing, kInstructions, kSystemCall, kAllocation, kFd };
constexpr std::array<std::string_view, 5> kPlants = {"", "instructions", "system-call", "allocation", "fd"};

/// What a receiver could do for each datagram, and should not.
void plant_each(Plant plant, std::uint64_t datagrams) {
  for (std::uint64_t i = 0; i < datagrams; ++i) {
    if (plant == Plant::kSystemCall) ::getppid();
    if (plant == Plant::kAllocation) keep(std::make_unique<int>());
    if (plant == Plant::kFd) keep(::dup(STDOUT_FILENO));
  }
}

/// What a case has cost, but for what callgrind counts: its dumps have the name of the case.
struct Cost {
  const std::string& name;
  std::size_t allocations = 0;
};

/// What is done between its making and its end is counted. System calls are counted by callgrind outside of
/// what it collects, too, so that each stretch has a dump of its own, and nothing before it.
class Counted {
 public:
  explicit Counted(Cost& cost) : cost_(cost), before_(n_allocations()) {
    CALLGRIND_ZERO_STATS;
    CALLGRIND_TOGGLE_COLLECT;
  }
  ~Counted() {
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(cost_.name.c_str());
    cost_.allocations += n_allocations() - before_;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  Cost& cost_;
  std::size_t before_;
};

std::size_t open_fds() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Does something once, under a name that nobody looks at, so that what is made at the first time is made;
/// and then counts it. `once(cost)` takes so many messages as it says.
void count(const std::string& name, std::uint64_t messages, const std::function<void(Cost&)>& once) {
  const std::string nobody = "warm-up";
  Cost warm_up = {nobody};
  once(warm_up);
  const std::size_t before = open_fds();
  Cost cost = {name};
  once(cost);
  const nlohmann::json line = {
      {"case", name},
      {"messages", messages},
      {"allocations", cost.allocations},
      {"fds", static_cast<std::int64_t>(open_fds()) - static_cast<std::int64_t>(before)}};
  std::cout << line << '\n' << std::flush;
}

template <typename Way, typename Look>
void count_split(const std::string& name, const Payload& message, Look look) {
  Way way;
  count(name + "/" + message.name(), kMessages, [&](Cost& cost) {
    const Counted counted(cost);
    for (std::uint64_t i = 0; i < kMessages; ++i) way(message, look);
  });
}

void count_splits(Plant plant) {
  const auto look = [](std::string_view line) { keep(line.data()); };
  const auto look_longer = [](std::string_view line) {
    keep(line.data());
    asm volatile("nop");
  };
  const auto tag = [](std::string_view line) { keep(receiver::classify(line).tag); };
  for (std::size_t place = 0; place < kWhole; ++place) {
    if (plant == Plant::kInstructions) {
      count_split<ByReceiver>("split", payload(place), look_longer);
    } else {
      count_split<ByReceiver>("split", payload(place), look);
    }
    count_split<ByReceiver>("classify", payload(place), tag);
    count_split<ByPlain>("split-plain", payload(place), look);
  }
}

/// A burst is sent, which is not counted, and received.
void count_receive(std::string_view way_name, const Payload& message, Plant plant) {
  const ReceiveWayEntry& entry = *find_receive_way(way_name);
  const auto here = fresh_address();
  const auto way = entry.make(here);
  const Source source(here, entry.n_fds);
  Seen seen;
  count("receive-" + std::string(way_name) + "/" + message.name(), kMessages, [&](Cost& cost) {
    const std::uint64_t last = seen.datagrams + kMessages;
    while (seen.datagrams < last) {
      source.send(message.bytes(), kBurst);
      const std::uint64_t wanted = seen.datagrams + kBurst;
      const Counted counted(cost);
      while (seen.datagrams < wanted) way->receive(seen);
      if (plant > Plant::kInstructions) plant_each(plant, kBurst);
    }
  });
}

void count_receives(Plant plant) {
  for (const Payload& message : payloads()) count_receive("receiver", message, plant);
  for (const std::string_view way : {"receiver-1-fd", "floor", "loop"}) count_receive(way, payload(2), plant);
}

void count_trace_line() {
  const std::string line =
      R"({"t":0.479332,"kind":"message","data":"X_SYSTEMD_UNIT_ACTIVE=multi-user.target","pid":17498,"uid":0,"gid":0})";
  wire::Event event;
  count("trace-line", kMessages, [&](Cost& cost) {
    const Counted counted(cost);
    for (std::uint64_t i = 0; i < kMessages; ++i) keep(wire::parse_event(line, event).has_value());
  });
}

void count_model() {
  constexpr std::int64_t kMain = 100;
  model::Service service(model::find_profile("documented").value(), {},
                         model::Processes({{kMain, model::Role::kMain, {}}}));
  count("model", kMessages, [&](Cost& cost) {
    const Counted counted(cost);
    for (std::uint64_t i = 0; i < kMessages; ++i)
      keep(service.take({.bytes = payload(2).bytes(), .pid = kMain}));
  });
}

void count_judge(const char* requirements_path) {
  const auto requirements = verdict::parse_requirements(text_of(requirements_path)).value();
  wire::TraceHeader header;
  header.vantage = "container";
  header.manager_pid = 1;
  header.targets.emplace();
  verdict::Judge judge(requirements, header, 262, {});
  wire::Message message;
  message.pid = 1;
  message.data = "X_SYSTEMD_UNIT_ACTIVE=basic.target";
  const wire::Event event = {1, message};
  std::uint64_t n_seen = 1;
  count("judge", kMessages, [&](Cost& cost) {
    const Counted counted(cost);
    for (std::uint64_t i = 0; i < kMessages; ++i) judge.see(event, ++n_seen);
  });
}

void print_identity() {
#ifdef __clang__
  constexpr std::string_view kCompiler = "clang";
#else
  constexpr std::string_view kCompiler = "gcc";
#endif
  utsname machine = {};
  ::uname(&machine);
  const nlohmann::json line = {{"compiler", kCompiler},
                               {"compiler_version", __VERSION__},
                               {"libc", ::gnu_get_libc_version()},
                               {"architecture", machine.machine},
                               {"finder", receiver::line_end_finders().front().name}};
  std::cout << line << '\n' << std::flush;
}

}  // namespace

int main(int argc, char** argv) {
  Plant plant = Plant::kNothing;
  if (argc == 3 && argv[1] == std::string_view("--plant")) {
    const auto found = std::find(kPlants.begin() + 1, kPlants.end(), argv[2]);
    if (found != kPlants.end()) plant = static_cast<Plant>(found - kPlants.begin());
  }
  if (argc != 1 && plant == Plant::kNothing) {
    std::cerr << "usage: notifyspec_counted [--plant instructions|system-call|allocation|fd]\n";
    return 2;
  }
  print_identity();
  count_splits(plant);
  count_receives(plant);
  count_trace_line();
  count_model();
  count_judge(NOTIFYSPEC_REQUIREMENTS);
}
