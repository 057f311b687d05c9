// The kernel that this process runs on.
#pragma once

#include <string>

namespace notifyspec::os {

/// Its release, as uname(2) has it: "6.12.0-1-amd64".
std::string kernel_release();

}  // namespace notifyspec::os
