// Splits datagrams as systemd's own code does, as the model of that version does, and as the documents have
// it, and says where they differ. Runs inside the root whose libsystemd-shared it is told to load.
//
// usage: systemd-split LIBRARY PROFILE FILE...    (each file is a datagram)
// For each difference one JSON line: {"input","with":"model"|"documents","theirs":[...],"ours":[...]}; at the
// end one with the number of datagrams that were compared. Bytes are written in hexadecimal.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/line_reader.h"
#include "model/profile.h"
#include "wire/assignment.h"
#include "wire/datagram.h"

using namespace notifyspec;

namespace {

using Lines = std::optional<std::vector<std::string>>;  ///< nothing: the datagram is dropped
/// Of systemd's library, which promises nothing outside of itself: the lines of a text, as a list that ends
/// with nullptr; negative where it cannot.
using Split = int (*)(char*** ret, const char* text, int flags);

constexpr int kEnvironment = 5;

Lines by_systemd(Split split, const std::string& text) {
  char** all = nullptr;
  if (split(&all, text.c_str(), 0) < 0) return std::nullopt;
  std::vector<std::string> lines;
  for (char** each = all; each != nullptr && *each != nullptr; ++each) {
    if (**each != '\0') lines.emplace_back(*each);
    std::free(*each);
  }
  std::free(all);
  return lines;
}

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

void compare(const char* input, const char* with, const Lines& theirs, const Lines& ours) {
  if (theirs == ours) return;
  const nlohmann::json line = {
      {"input", input}, {"with", with}, {"theirs", as_json(theirs)}, {"ours", as_json(ours)}};
  std::printf("%s\n", line.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kFirstFile = 3;
  const auto profile = argc > kFirstFile ? model::find_profile(argv[2]) : std::nullopt;
  void* const library = profile ? ::dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
  const auto split =
      library == nullptr ? nullptr : reinterpret_cast<Split>(::dlsym(library, "strv_split_newlines_full"));
  if (split == nullptr) {
    std::fprintf(stderr, "systemd-split: %s\n", profile ? ::dlerror() : "LIBRARY PROFILE FILE... are wanted");
    return kEnvironment;
  }
  std::size_t n_compared = 0;
  for (int i = kFirstFile; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const auto payload = wire::payload(bytes);
    if (!payload) continue;  // it is dropped before anybody splits it
    const std::string text(*payload);
    const Lines theirs = by_systemd(split, text);
    compare(argv[i], "model", theirs, by_model(*profile, text));
    compare(argv[i], "documents", theirs, by_documents(text));
    ++n_compared;
  }
  std::printf("{\"compared\":%zu}\n", n_compared);
}
