// Hands the mutator to the engine, for targets whose input is a scenario. Now and then the engine's own
// changes are let at the bytes of a datagram, or at all of the input, so that nothing is out of reach.
#include <algorithm>

#include "engine.h"
#include "mutator.h"

using namespace notifyspec::fuzz;

namespace {

std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

void mutate_bytes(std::string& bytes, std::size_t room) {
  const std::size_t size = bytes.size();
  bytes.resize(size + std::min<std::size_t>(room, 64));
  auto* const data = reinterpret_cast<std::uint8_t*>(bytes.data());
  bytes.resize(LLVMFuzzerMutate(data, size, bytes.size()));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  Mutator mutator(seed);
  constexpr std::size_t kOwn = 10;
  if (mutator.below(kOwn) == 0) return LLVMFuzzerMutate(data, size, max_size);
  Scenario scenario = read_scenario(view(data, size));
  if (!scenario.empty() && mutator.below(4) == 0) {
    mutate_bytes(scenario[mutator.below(scenario.size())].bytes, max_size - std::min(size, max_size));
  } else {
    for (std::size_t left = 1 + mutator.below(4); left > 0; --left) mutator.mutate(scenario);
  }
  const std::string out = write_within(std::move(scenario), max_size);
  if (out.empty()) return LLVMFuzzerMutate(data, size, max_size);
  std::ranges::copy(out, data);
  return out.size();
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
  Mutator mutator(seed);
  Scenario first = read_scenario(view(one, one_size));
  const Scenario second = read_scenario(view(other, other_size));
  if (!first.empty() && !second.empty() && mutator.below(2) == 0) {
    Datagram& place = first[mutator.below(first.size())];
    place = mutator.cross(place, second[mutator.below(second.size())]);
  } else {
    first = mutator.cross(first, second);
  }
  const std::string crossed = write_within(std::move(first), max_size);
  std::ranges::copy(crossed, out);
  return crossed.size();
}
