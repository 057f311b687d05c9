// Does nothing: what the engine alone costs, beside which throughput.py holds the other targets.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) {
  return 0;
}
