// What receivers are given: one message again and again, or those of a recorded boot in their order.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "payload.h"

namespace notifyspec::bench {

struct Workload {
  std::string name;
  std::vector<Payload> messages;
  std::string trace;  ///< path of what it was recorded in; of a single message none
};

/// Each of payloads() by itself, in their order; and then recorded boots, from fixtures/traces. Throws
/// std::runtime_error where those cannot be read.
const std::vector<Workload>& workloads();

/// Those of recorded boots alone.
std::span<const Workload> boots();

}  // namespace notifyspec::bench
