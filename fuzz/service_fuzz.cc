// Invariants: whatever is sent by whomever, a receiver of each profile keeps to the limit of its fd store,
// has fds of its own datagrams only, each once, and a state that the lifecycle knows; one that keeps to the
// documents concludes the same where lines of private fields stand between the others.
//
// The input is a service's life: each line of it that begins with ASCII control character 1 to 8 ends a
// datagram, and says by its bits who sends the next and how many fds come along.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "invariant.h"
#include "model/service.h"

using namespace notifyspec;

namespace {

constexpr std::size_t kStoreLimit = 5;

struct Sending {
  std::string_view bytes;
  std::int64_t pid;
  std::size_t n_fds;
};

/// The first datagram of `life`, which goes from it.
Sending take_sending(std::string_view& life) {
  const std::size_t end = std::min(life.find_first_of("\1\2\3\4\5\6\7"), life.size());
  const unsigned how = end < life.size() ? static_cast<unsigned char>(life[end]) : 0;
  const Sending sending{
      .bytes = life.substr(0, end), .pid = 100 + (how & 3U), .n_fds = how & 4U ? 3U : how & 1U};
  life.remove_prefix(std::min(end + 1, life.size()));
  return sending;
}

/// `bytes` with a private field before each line and after the last.
std::string with_private_fields(std::string_view bytes) {
  constexpr std::string_view kPrivate = "X_ACME=1\n";
  std::string all(kPrivate);
  for (const char c : bytes) {
    all += c;
    if (c == '\n') all += kPrivate;
  }
  if (!all.ends_with('\n')) (all += '\n') += "X_ACME=2";
  return all;
}

model::Processes everybody() {
  return model::Processes({{100, model::Role::kMain, {}},
                           {101, model::Role::kChild, 7},
                           {102, model::Role::kOtherUid, {}},
                           {103, model::Role::kStranger, {}}});
}

void check(const model::Service& service) {
  std::optional<std::uint64_t> before;
  require(service.stored_fds().size() <= kStoreLimit, "the fd store keeps to its limit");
  for (const model::StoredFd& fd : service.stored_fds()) {
    require(!before || *before < fd.serial, "each fd is stored once, in the order of arrival");
    require(fd.serial < service.n_fds_seen(), "a stored fd is one that came");
    before = fd.serial;
  }
  require(service.state() <= model::State::kAborting, "the state is one of the lifecycle");
}

model::Conclusion live(std::string_view life, std::string_view name, model::ServiceType type,
                       bool with_private) {
  model::Service service(model::find_profile(name).value(),
                         {.type = type,
                          .notify_access = model::NotifyAccess::kAll,
                          .fd_store_max = kStoreLimit,
                          .watchdog_usec = 0},
                         everybody());
  std::uint64_t now_usec = 0;
  while (!life.empty()) {
    const Sending sending = take_sending(life);
    const std::string changed =
        with_private ? with_private_fields(sending.bytes) : std::string(sending.bytes);
    if (sending.bytes == "reload") service.ask_reload(now_usec);
    service.take({.bytes = changed,
                  .pid = sending.pid,
                  .uid = sending.pid == 102 ? 65534U : 0U,
                  .n_fds = sending.n_fds,
                  .seen_usec = now_usec++});
    check(service);
  }
  return service.conclude();
}

/// A barrier stands alone, so it is another thing with company.
bool has_barrier(std::string_view life) {
  return life.find("BARRIER=1") != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view life(reinterpret_cast<const char*>(data), size);
  for (const auto type : {model::ServiceType::kNotify, model::ServiceType::kNotifyReload}) {
    for (const std::string_view name : model::profile_names()) live(life, name, type, false);
    if (has_barrier(life)) continue;
    require(live(life, "documented", type, false) == live(life, "documented", type, true),
            "private fields change nothing");
  }
  return 0;
}
