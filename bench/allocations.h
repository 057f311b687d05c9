// How often the whole program has asked for memory by operator new, so that nothing that does can hide it.
//
// Linked into a program, it replaces all of operator new and delete. Does not see malloc() by itself.
#pragma once

#include <cstddef>

namespace notifyspec::bench {

std::size_t n_allocations();

}  // namespace notifyspec::bench
