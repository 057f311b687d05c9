// A contestant: one way to do the work of a receiver, asked again and again, so that several can be timed in
// turns (contest.py). JSON Lines: {"task": "split", "count": 1000, "payload": "BASE64 BASE64..."} in, with
// the messages of one pass; {"ns": 5800, "lines": 4000, "known": 0} out, of `count` passes.
//
// usage: notifyspec_contestant NAME | --list | --payloads | --fields
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "keep.h"
#include "known.h"
#include "os/listening_socket.h"
#include "receive_way.h"
#include "split_way.h"
#include "unfit.h"
#include "wire/base64.h"
#include "words.h"
#include "workload.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;
using Messages = std::vector<Payload>;

struct Answer {
  std::chrono::nanoseconds took{};
  Seen seen;
};
using Task = std::function<Answer(const Messages&, std::uint64_t count)>;

/// `take(message)` of each message, `count` times.
template <typename Take>
std::chrono::nanoseconds passes(const Messages& messages, std::uint64_t count, Take take) {
  const auto begin = Clock::now();
  for (std::uint64_t i = 0; i < count; ++i)
    for (const Payload& message : messages) take(message);
  return Clock::now() - begin;
}

/// `kLook(line)` of each line that `Way` finds: whether its field is known.
template <typename Way, bool (*kLook)(std::string_view)>
Answer find_lines(const Messages& messages, std::uint64_t count) {
  Way way;
  Answer answer;
  answer.took = passes(messages, count, [&](const Payload& message) {
    way(message, [&answer](std::string_view line) {
      ++answer.seen.lines;
      answer.seen.known += kLook(line) ? 1 : 0;
    });
  });
  return answer;
}

/// Where it is enough that a line was found.
bool no_more(std::string_view line) {
  keep(line.data());
  return false;
}

/// One look at all bytes.
Answer look(const Messages& messages, std::uint64_t count) {
  return {passes(messages, count,
                 [](const Payload& message) {
                   keep(std::memchr(message.bytes().data(), '\0', message.bytes().size()));
                 }),
          {}};
}

std::uint64_t burst_size() {
  const char* const said = std::getenv("NOTIFYSPEC_BURST");
  return said == nullptr ? 8 : std::strtoull(said, nullptr, 10);
}

/// Socket and way live as long as the contestant.
Task receiving(const ReceiveWayEntry& entry) {
  struct Both {
    wire::UnixAddress here = fresh_address();
    std::unique_ptr<ReceiveWay> way;
    std::optional<Source> source;
  };
  auto both = std::make_shared<Both>();
  both->way = entry.make(both->here);
  both->source.emplace(both->here, entry.n_fds);
  return [both](const Messages& messages, std::uint64_t count) {
    const std::uint64_t burst = burst_size(), all = count * messages.size();
    Answer answer;
    std::size_t next = 0;
    while (answer.seen.datagrams < all) {
      const std::uint64_t wanted = std::min(answer.seen.datagrams + burst, all);
      for (std::uint64_t i = answer.seen.datagrams; i < wanted; ++i) {
        both->source->send(messages[next].bytes(), 1);
        next = next + 1 < messages.size() ? next + 1 : 0;
      }
      const auto begin = Clock::now();
      while (answer.seen.datagrams < wanted) both->way->receive(answer.seen);
      answer.took += Clock::now() - begin;
    }
    return answer;
  };
}

Task receiving_if_fit(const ReceiveWayEntry& entry) try {
  return receiving(entry);
} catch (const Unfit& unfit) {
  return [unfit](const Messages&, std::uint64_t) -> Answer { throw Unfit(unfit); };
}

struct Contestant {
  std::string_view name;
  std::vector<std::pair<std::string_view, Task>> tasks;
};

template <typename Way, bool (*kIsKnown)(std::string_view)>
Contestant splitter(std::string_view name) {
  return {name, {{"split", find_lines<Way, no_more>}, {"classify", find_lines<Way, kIsKnown>}}};
}

const std::vector<Contestant>& splitters() {
  static const std::vector<Contestant> kAll = {
      splitter<ByReceiver, is_known_by_tag>("receiver"),
      splitter<ByMemchr, is_known_by_table>("memchr"),
      splitter<ByPlain, is_known_by_table>("plain"),
      splitter<ByteByByte, is_known_by_table>("byte-by-byte"),
      {"one-look", {{"split", look}}},
  };
  return kAll;
}

/// Without tasks where nobody has that name.
Contestant contestant(std::string_view name) {
  Contestant found = {name, {}};
  const auto splitter = std::ranges::find(splitters(), name, &Contestant::name);
  if (splitter != splitters().end()) found = *splitter;
  const ReceiveWayEntry* const entry = find_receive_way(name);
  if (entry != nullptr) found.tasks.emplace_back("receive", receiving_if_fit(*entry));
  return found;
}

Json answer(const Contestant& contestant, const Json& request) try {
  const auto task = request.at("task").get<std::string>();
  const auto found = std::ranges::find(contestant.tasks, task, [](const auto& each) { return each.first; });
  if (found == contestant.tasks.end()) return {{"unsupported", "it has no such task"}};
  const auto bytes = decode_words(request.at("payload").get<std::string>());
  if (!bytes) return {{"unsupported", "no base64"}};
  Messages messages;
  for (const std::string& each : *bytes) messages.emplace_back("asked", each);
  const auto [took, seen] = found->second(messages, request.at("count").get<std::uint64_t>());
  return {{"ns", took.count()}, {"lines", seen.lines}, {"known", seen.known}};
} catch (const Unfit& unfit) {
  return {{"unsupported", unfit.what()}};
}

int serve(std::string_view name) try {
  // A supervisor has room for the fds of a whole batch (os/batch.h).
  os::raise_fd_limit();
  const Contestant asked = contestant(name);
  if (asked.tasks.empty()) {
    fmt::print(stderr, "notifyspec_contestant: no contestant \"{}\"; --list says which there are\n", name);
    return 2;
  }
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer(asked, Json::parse(line)) << '\n' << std::flush;
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "notifyspec_contestant: {}\n", error.what());
  return 5;
}

int list() {
  Json all = Json::array();
  for (const Contestant& each : splitters()) all.push_back(each.name);
  for (const ReceiveWayEntry& entry : receive_ways())
    if (entry.name != "receiver") all.push_back(entry.name);
  std::cout << all << '\n';
  return 0;
}

int print_payloads() {
  Json all = Json::object();
  for (const Workload& each : workloads()) {
    std::string words;
    for (const Payload& message : each.messages)
      words += (words.empty() ? "" : " ") + wire::encode_base64(message.bytes());
    all[each.name] = words;
  }
  std::cout << all << '\n';
  return 0;
}

/// The names of the table, for receivers of others that are to know the same.
int print_fields() {
  Json all = Json::array();
  for (const field::Field& each : field::fields()) all.push_back(each.name);
  std::cout << all << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view word = argc == 2 ? argv[1] : "";
  if (word == "--list") return list();
  if (word == "--payloads") return print_payloads();
  if (word == "--fields") return print_fields();
  if (word.empty() || word.starts_with("-")) {
    fmt::print(stderr, "usage: notifyspec_contestant NAME | --list | --payloads | --fields\n");
    return 2;
  }
  return serve(word);
}
