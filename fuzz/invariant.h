// A violated invariant ends the process, so that the fuzzer keeps the input.
//
// Where it stands for a requirement, that is named: what several targets find of it is one.
#pragma once

#include <cstdio>
#include <cstdlib>

inline void require(bool holds, const char* invariant, const char* requirement = nullptr) {
  if (holds) return;
  if (requirement == nullptr) {
    std::fprintf(stderr, "violated: %s\n", invariant);
  } else {
    std::fprintf(stderr, "violated: %s [%s]\n", invariant, requirement);
  }
  std::abort();
}
