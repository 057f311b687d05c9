#include "cli/cast.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <variant>

namespace notifyspec::cli {
namespace {

constexpr uid_t kOtherUid = 65534;

}  // namespace

std::set<std::string> roles_in(const verdict::Vector& vector) {
  std::set<std::string> roles;
  for (const verdict::Step& step : vector.steps) {
    const auto* const datagram = std::get_if<verdict::Datagram>(&step);
    if (datagram == nullptr) continue;
    roles.insert(datagram->credentials);
    for (const char* role : {"child", "stranger"})
      if (datagram->substitute && datagram->data.find(fmt::format("${{{}.pid}}", role)) != std::string::npos)
        roles.insert(role);
  }
  roles.erase("main");
  return roles;
}

std::expected<Cast, os::OsError> Cast::make(const std::set<std::string>& roles,
                                            const std::string& stranger_cgroup) {
  Cast cast;
  for (const std::string& role : roles) {
    os::DeputySetup setup;
    if (role == "other-uid") setup.uid = kOtherUid;
    if (role == "stranger") setup.cgroup = stranger_cgroup;
    auto deputy = os::Deputy::start(setup);
    if (!deputy)
      return std::unexpected(os::OsError{deputy.error().code, role + ": " + deputy.error().reason});
    cast.deputies_.emplace(role, std::move(*deputy));
  }
  return cast;
}

std::map<std::string, pid_t> Cast::pids() const {
  std::map<std::string, pid_t> out = {{"main", getpid()}};
  for (const auto& [role, deputy] : deputies_) out[role] = deputy.pid();
  return out;
}

std::expected<void, os::OsError> Cast::send(std::string_view role, const os::SocketAddress& to,
                                            std::string_view data, std::span<const int> fds, int flags) {
  if (role == "main") return os::send_once(to, data, fds, flags);
  const auto found = deputies_.find(role);
  if (found == deputies_.end())
    return std::unexpected(os::OsError{ENOTSUP, fmt::format("nobody here can send as {}", role)});
  return found->second.send(to, data, fds, flags);
}

}  // namespace notifyspec::cli
