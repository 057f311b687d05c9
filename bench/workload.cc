#include "workload.h"

#include <array>
#include <fstream>
#include <stdexcept>
#include <variant>

#include "wire/trace.h"

namespace notifyspec::bench {
namespace {

/// Whole lives, from the first message to the last.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kBoots = {{
    {"boot-container", "262/container-unix-dgram-poweroff.jsonl"},
    {"boot-vm", "262/vm-vsock-seqpacket-vm-poweroff.jsonl"},
    {"boot-user", "262/user-unix-dgram-user-exit.jsonl"},
}};

/// The bytes of all messages of a trace.
std::vector<Payload> messages_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<Payload> messages;
  wire::Event event;
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    if (!wire::parse_event(line, event)) throw std::runtime_error("no event in " + path);
    const auto* const message = std::get_if<wire::Message>(&event.body);
    if (message != nullptr) messages.emplace_back(std::to_string(messages.size()), message->data);
  }
  if (messages.empty()) throw std::runtime_error(path + ": no messages");
  return messages;
}

std::vector<Workload> made() {
  std::vector<Workload> all;
  for (const Payload& each : payloads()) all.push_back({each.name(), {each}, ""});
  for (const auto& [name, trace] : kBoots) {
    const std::string path = NOTIFYSPEC_TRACES "/" + std::string(trace);
    all.push_back({std::string(name), messages_of(path), path});
  }
  return all;
}

}  // namespace

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> kAll = made();
  return kAll;
}

std::span<const Workload> boots() {
  return std::span(workloads()).subspan(kPayloads);
}

}  // namespace notifyspec::bench
