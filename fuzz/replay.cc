// Replays inputs through a fuzz target where there is no fuzzing engine: files, or all files below folders.
//
// Each input several times and in another order each time, all in one process: what one input leaves behind
// must not change what becomes of the next.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kRounds = 4;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> files(int argc, char** argv) {
  std::vector<std::filesystem::path> found;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      found.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i]))
      if (entry.is_regular_file()) found.push_back(entry.path());
  }
  std::ranges::sort(found);  // the folder's own order is another one on each machine
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> inputs;
  for (const auto& path : files(argc, argv)) inputs.push_back(read(path));
  std::minstd_rand random(1);
  for (int round = 0; round < kRounds; ++round) {
    for (const std::string& bytes : inputs)
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    std::ranges::shuffle(inputs, random);
  }
  std::printf("%zu inputs replayed, %d times each\n", inputs.size(), kRounds);
  constexpr int kNothingRan = 6;
  return inputs.empty() ? kNothingRan : 0;
}
