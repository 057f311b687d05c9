// Hands the mutator of lines to the engine, for targets whose input is one datagram.
#include <algorithm>
#include <string>

#include "engine.h"
#include "mutator.h"

using namespace notifyspec::fuzz;

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  Mutator mutator(seed);
  if (mutator.below(2) == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  for (std::size_t left = 1 + mutator.below(3); left > 0; --left) mutator.mutate_lines(bytes);
  const std::size_t written = std::min(bytes.size(), max_size);
  std::copy_n(bytes.begin(), written, data);
  return written;
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
  Mutator mutator(seed);
  std::string crossed = mutator.cross_lines({reinterpret_cast<const char*>(one), one_size},
                                            {reinterpret_cast<const char*>(other), other_size});
  if (mutator.below(2) == 0) mutator.mutate_lines(crossed);
  const std::size_t written = std::min(crossed.size(), max_size);
  std::copy_n(crossed.begin(), written, out);
  return written;
}
