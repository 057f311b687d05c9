// Makes scenarios as a campaign makes them: each is grown by the mutator from one or two of those that it is
// given. The same seed makes the same of the same.
//
// usage: make-scenarios SEED COUNT FOLDER FILE...    (writes FOLDER/0, FOLDER/1, ...)
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mutator.h"
#include "scenario.h"

using namespace notifyspec::fuzz;

namespace {

constexpr int kUsage = 2, kEnvironment = 5;
constexpr std::size_t kMostDatagrams = 12;

Scenario read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return read_scenario(std::string((std::istreambuf_iterator<char>(file)), {}));
}

Scenario grown(Mutator& mutator, const std::vector<Scenario>& from) {
  Scenario scenario = from[mutator.below(from.size())];
  if (mutator.below(3) == 0) scenario = mutator.cross(scenario, from[mutator.below(from.size())]);
  for (std::size_t left = 1 + mutator.below(4); left > 0; --left) mutator.mutate(scenario);
  if (scenario.size() > kMostDatagrams) scenario.resize(kMostDatagrams);
  return scenario;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kFirstFile = 4;
  if (argc <= kFirstFile) {
    std::fprintf(stderr, "make-scenarios: SEED COUNT FOLDER FILE... are wanted\n");
    return kUsage;
  }
  std::vector<Scenario> from;
  for (int i = kFirstFile; i < argc; ++i) from.push_back(read(argv[i]));
  Mutator mutator(static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)));
  const unsigned long count = std::strtoul(argv[2], nullptr, 10);
  for (unsigned long number = 0; number < count; ++number) {
    std::ofstream file(std::string(argv[3]) + '/' + std::to_string(number), std::ios::binary);
    file << write_scenario(grown(mutator, from));
    if (!file.flush()) return kEnvironment;
  }
}
