// A contestant: one way to do the work of a receiver, asked again and again, so that several can be timed in
// turns (contest.py). JSON Lines: {"task": "split", "count": 1000, "payload": BASE64} in,
// {"ns": 5800, "lines": 4000, "known": 0} out.
//
// usage: notifyspec_contestant NAME | --list | --payloads | --fields
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "field/field.h"
#include "payload.h"
#include "receive_way.h"
#include "receiver/tag.h"
#include "split_way.h"
#include "wire/base64.h"

namespace {

using namespace notifyspec;
using namespace notifyspec::bench;
using Json = nlohmann::json;

struct Answer {
  std::chrono::nanoseconds took{};
  Seen seen;
};
using Task = std::function<Answer(const Payload&, std::uint64_t count)>;

/// Keeps the compiler from leaving out what nobody looks at.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

template <typename Way>
Answer split(const Payload& message, std::uint64_t count) {
  Way way;
  Answer answer;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < count; ++i)
    way(message, [&answer](std::string_view line) {
      keep(line.data());
      ++answer.seen.lines;
    });
  answer.took = std::chrono::steady_clock::now() - begin;
  return answer;
}

bool by_tag(std::string_view line) {
  return receiver::classify(line).tag != receiver::Tag::kUnknown;
}
bool by_table(std::string_view line) {
  return field::find(line.substr(0, line.find('='))) != nullptr;
}

/// `kIsKnown(line)`: whether its field is one of the table.
template <typename Way, bool (*kIsKnown)(std::string_view)>
Answer classify_by(const Payload& message, std::uint64_t count) {
  Way way;
  Answer answer;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < count; ++i)
    way(message, [&answer](std::string_view line) {
      ++answer.seen.lines;
      answer.seen.known += kIsKnown(line) ? 1 : 0;
    });
  answer.took = std::chrono::steady_clock::now() - begin;
  return answer;
}

/// One look at all bytes.
Answer look(const Payload& message, std::uint64_t count) {
  Answer answer;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < count; ++i)
    keep(std::memchr(message.bytes().data(), '\0', message.bytes().size()));
  answer.took = std::chrono::steady_clock::now() - begin;
  return answer;
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
  return [both](const Payload& message, std::uint64_t count) {
    const std::uint64_t burst = burst_size();
    Answer answer;
    while (answer.seen.datagrams < count) {
      const std::uint64_t now = std::min(burst, count - answer.seen.datagrams);
      both->source->send(message.bytes(), now);
      const std::uint64_t wanted = answer.seen.datagrams + now;
      const auto begin = std::chrono::steady_clock::now();
      while (answer.seen.datagrams < wanted) both->way->receive(answer.seen);
      answer.took += std::chrono::steady_clock::now() - begin;
    }
    return answer;
  };
}

struct Contestant {
  std::string_view name;
  std::vector<std::pair<std::string_view, Task>> tasks;
};

const std::vector<Contestant>& splitters() {
  static const std::vector<Contestant> kAll = {
      {"receiver", {{"split", split<ByReceiver>}, {"classify", classify_by<ByReceiver, by_tag>}}},
      {"memchr", {{"split", split<ByMemchr>}, {"classify", classify_by<ByMemchr, by_table>}}},
      {"plain", {{"split", split<ByPlain>}, {"classify", classify_by<ByPlain, by_table>}}},
      {"byte-by-byte", {{"split", split<ByteByByte>}, {"classify", classify_by<ByteByByte, by_table>}}},
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
  if (entry != nullptr) found.tasks.emplace_back("receive", receiving(*entry));
  return found;
}

Json answer(const Contestant& contestant, const Json& request) {
  const auto task = request.at("task").get<std::string>();
  const auto found = std::ranges::find(contestant.tasks, task, [](const auto& each) { return each.first; });
  if (found == contestant.tasks.end()) return {{"unsupported", "it has no such task"}};
  std::string bytes;
  if (!wire::decode_base64(request.at("payload").get<std::string>(), bytes))
    return {{"unsupported", "no base64"}};
  const auto [took, seen] = found->second(Payload("asked", bytes), request.at("count").get<std::uint64_t>());
  return {{"ns", took.count()}, {"lines", seen.lines}, {"known", seen.known}};
}

int serve(std::string_view name) try {
  // A supervisor has room for the fds of a whole batch (os/batch.h).
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const Contestant asked = contestant(name);
  if (asked.tasks.empty()) {
    fmt::print(stderr, "notifyspec_contestant: no contestant \"{}\"; --list says which there are\n", name);
    return 2;
  }
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer(asked, Json::parse(line)) << std::endl;
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
  for (const Payload& each : payloads()) all[each.name()] = wire::encode_base64(each.bytes());
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
