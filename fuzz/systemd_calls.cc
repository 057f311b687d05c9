#include "systemd_calls.h"

#include <dlfcn.h>

namespace notifyspec::fuzz {
namespace {

template <typename Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(library, name));
}

}  // namespace

std::expected<SystemdCalls, std::string> SystemdCalls::open(const char* path) {
  void* const library = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::unexpected(std::string(::dlerror()));
  SystemdCalls out;
  find(library, "strv_split_newlines_full", out.split);
  find(library, "notify_recv_with_fds_strv", out.receive);
  find(library, "strv_free", out.free_lines);
  find(library, "fdset_size", out.count_fds);
  find(library, "fdset_free", out.close_fds);
  find(library, "pidref_done", out.close_pidref);
  if (out.split == nullptr || out.free_lines == nullptr || out.count_fds == nullptr ||
      out.close_fds == nullptr)
    return std::unexpected(std::string(path) + " exports no splitter");
  return out;
}

}  // namespace notifyspec::fuzz
