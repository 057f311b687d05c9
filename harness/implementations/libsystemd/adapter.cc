// The adapter of libsystemd: the library of the system in which it runs, loaded as it starts.
//
// Each call is the library's own; nothing is added and nothing is mended. Where the library has no such call
// the answer is that it is unsupported.
#include <dlfcn.h>
#include <link.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "cli/complaint.h"
#include "cli/sender_adapter.h"
#include "os/null_fds.h"

namespace {

using notifyspec::cli::BarrierCall;
using notifyspec::cli::NotifyCall;
using notifyspec::cli::ReloadingCall;

class Library final : public notifyspec::cli::SenderCalls {
 public:
  Library() : handle_(::dlopen("libsystemd.so.0", RTLD_NOW)) {
    if (handle_ == nullptr) return;
    notify_ = reinterpret_cast<Notify>(::dlsym(handle_, "sd_pid_notify_with_fds"));
    barrier_ = reinterpret_cast<Barrier>(::dlsym(handle_, "sd_notify_barrier"));
  }

  /// Why it cannot be used; nullptr where it can.
  const char* fault() const { return notify_ == nullptr ? ::dlerror() : nullptr; }

  std::string name() const override { return "libsystemd"; }

  /// That of the library's file: libsystemd.so.0.42.0.
  std::string version() const override {
    link_map* map = nullptr;
    if (::dlinfo(handle_, RTLD_DI_LINKMAP, static_cast<void*>(&map)) != 0) return "unknown";
    std::error_code unknown;
    const auto file = std::filesystem::canonical(map->l_name, unknown);
    return unknown ? "unknown" : file.filename().string();
  }

  Returned notify(const NotifyCall& call, int child) override {
    if (call.state.find('\0') != std::string::npos) return std::unexpected("a C string holds no NUL");
    const auto fds = notifyspec::os::NullFds::open(call.fds);
    if (!fds) return std::unexpected(fds.error().reason);
    const int unset = call.unset_environment ? 1 : 0;
    return notify_(child, unset, call.state.c_str(), fds->all().data(), static_cast<unsigned>(call.fds));
  }

  Returned barrier(const BarrierCall& call) override {
    if (barrier_ == nullptr) return std::unexpected("this libsystemd has no sd_notify_barrier()");
    return barrier_(call.unset_environment ? 1 : 0, call.timeout_usec.value_or(UINT64_MAX));
  }

  Returned reloading(const ReloadingCall& /*call*/) override {
    return std::unexpected("libsystemd has no call that makes the message of a reload");
  }

 private:
  using Notify = int (*)(pid_t, int, const char*, const int*, unsigned);
  using Barrier = int (*)(int, std::uint64_t);

  void* handle_;
  Notify notify_ = nullptr;
  Barrier barrier_ = nullptr;
};

}  // namespace

int main() {
  using notifyspec::cli::ExitCode;
  Library library;
  if (const char* const fault = library.fault())
    return static_cast<int>(complain(ExitCode::kEnvironment, fault));
  return static_cast<int>(serve_sender(library));
}
