// What a fuzzing engine offers to mutators of one's own (libFuzzer; AFL++'s driver has the same).
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
