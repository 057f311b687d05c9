#include "os/kernel.h"

#include <sys/utsname.h>

namespace notifyspec::os {

std::string kernel_release() {
  utsname names = {};
  return uname(&names) == 0 ? names.release : "unknown";
}

}  // namespace notifyspec::os
