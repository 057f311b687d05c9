// The search for line ends in steps of 32 bytes (AVX2): see line_ends.h, which chooses it where it runs.
#pragma once

#include "receiver/line_ends.h"

#if defined(__x86_64__)
#define NOTIFYSPEC_HAS_AVX2 1
#else
#define NOTIFYSPEC_HAS_AVX2 0
#endif

#if NOTIFYSPEC_HAS_AVX2

namespace notifyspec::receiver {

/// REQUIRES: a CPU with AVX2, BMI1 and BMI2.
bool find_with_avx2(Padded payload, LineEnds& ends);

}  // namespace notifyspec::receiver

#endif
