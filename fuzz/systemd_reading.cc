// Reads datagrams as systemd's own code does (real_systemd.h), as the model of that version does, and as the
// documents have it, and says where they differ. Runs inside the root whose libsystemd-shared it is told to
// load.
//
// usage: systemd-reading LIBRARY PROFILE FILE...    (each file is a scenario: scenario.h)
// For each difference one JSON line:
// {"with":"model"|"documents","theirs":[...],"ours":[...],"input","datagram"}; a fault of systemd's code has
// {"fault"} instead; at the end one that counts the datagrams that were compared, those that another
// sent, and those of which something was lost. Bytes are written in hexadecimal.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/line_reader.h"
#include "model/profile.h"
#include "real_systemd.h"
#include "scenario.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

using namespace notifyspec;

namespace {

using fuzz::Lines;

constexpr int kUsage = 2, kEnvironment = 5;

Lines by_model(const model::Profile& profile, const std::string& text) {
  model::LineReader reader(text, profile);
  if (reader.is_broken()) return std::nullopt;
  std::vector<std::string> lines;
  wire::Assignment line;
  while (reader.next(line))
    if (!line.line.empty()) lines.emplace_back(line.line);
  return lines;
}

Lines by_documents(const std::string& text) {
  std::vector<std::string> lines;
  for (const wire::Assignment& line : wire::split_assignments(text)) lines.emplace_back(line.line);
  return lines;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    out += kDigits[value >> 4U];
    out += kDigits[value & 0xfU];
  }
  return out;
}

nlohmann::json as_json(const Lines& lines) {
  if (!lines) return nullptr;
  nlohmann::json out = nlohmann::json::array();
  for (const std::string& line : *lines) out.push_back(hex(line));
  return out;
}

void tell(nlohmann::ordered_json line, const char* input, const fuzz::Datagram& datagram) {
  line["input"] = input;
  line["datagram"] = hex(datagram.bytes);
  std::printf("%s\n", line.dump().c_str());
}

void compare(const char* input, const fuzz::Datagram& datagram, const fuzz::Reading& theirs,
             const model::Profile& profile) {
  if (!theirs.fault.empty()) tell({{"fault", theirs.fault}}, input, datagram);
  const auto bytes = wire::payload(datagram.bytes);
  const auto payload = bytes && !datagram.truncated ? std::optional(*bytes) : std::nullopt;
  const auto compare_with = [&](const char* with, const Lines& ours) {
    if (theirs.lines == ours) return;
    tell({{"with", with}, {"theirs", as_json(theirs.lines)}, {"ours", as_json(ours)}}, input, datagram);
  };
  compare_with("model", payload ? by_model(profile, std::string(*payload)) : std::nullopt);
  compare_with("documents", payload ? by_documents(std::string(*payload)) : std::nullopt);
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kFirstFile = 3;
  const auto profile = argc > kFirstFile ? model::find_profile(argv[2]) : std::nullopt;
  if (!profile) {
    std::fprintf(stderr, "systemd-reading: LIBRARY PROFILE FILE... are wanted\n");
    return kUsage;
  }
  const auto systemd = fuzz::RealSystemd::open(argv[1]);
  if (!systemd) {
    std::fprintf(stderr, "systemd-reading: %s\n", systemd.error().c_str());
    return kEnvironment;
  }
  std::size_t n_compared = 0, n_of_others = 0, n_lost = 0;
  for (int i = kFirstFile; i < argc; ++i) {
    std::fprintf(stderr, "%s\n", argv[i]);  // the last one, should an assertion end us
    std::ifstream file(argv[i], std::ios::binary);
    const std::string input((std::istreambuf_iterator<char>(file)), {});
    for (const fuzz::Datagram& each : fuzz::read_scenario(input)) {
      if (!systemd->takes(each)) continue;
      compare(argv[i], each, systemd->read(each), *profile);
      ++n_compared;
      n_of_others += systemd->receives() && each.from != fuzz::From::kMain ? 1 : 0;
      n_lost += each.truncated ? 1 : 0;
    }
  }
  const nlohmann::ordered_json counts = {{"compared", n_compared},
                                         {"of_others", n_of_others},
                                         {"lost", n_lost},
                                         {"receives", systemd->receives()}};
  std::printf("%s\n", counts.dump().c_str());
}
