#include "cli/listen_request.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "os/pidfd.h"

namespace notifyspec::cli {
namespace {

using Sentence = std::optional<std::string>;  // nothing: all is well

template <typename T>
Sentence read_word(const Json& value, std::string_view member, std::optional<T> (*find)(std::string_view),
                   T& to) {
  const auto found = value.is_string() ? find(value.get_ref<const std::string&>()) : std::nullopt;
  if (!found) return fmt::format("service: {} {}", member, value.dump());
  to = *found;
  return std::nullopt;
}

template <typename T>
Sentence read_number(const Json& value, std::string_view member, T& to) {
  if (!value.is_number_unsigned()) return fmt::format("service: {} {}", member, value.dump());
  to = value.get<T>();
  return std::nullopt;
}

Sentence read_setting(std::string_view member, const Json& value, model::ServiceSettings& settings) {
  if (member == "type") return read_word(value, member, model::find_service_type, settings.type);
  if (member == "notify_access")
    return read_word(value, member, model::find_notify_access, settings.notify_access);
  if (member == "fd_store_max") return read_number(value, member, settings.fd_store_max);
  if (member == "watchdog_usec") return read_number(value, member, settings.watchdog_usec);
  return fmt::format("service: member {}", member);
}

std::expected<model::Process, std::string> read_process(std::string_view name, const Json& pid) {
  const auto role = model::find_role(name);
  constexpr std::uint64_t kGreatest = std::numeric_limits<std::int32_t>::max();
  const bool is_pid = pid.is_number_unsigned() && pid.get<std::uint64_t>() <= kGreatest;
  if (!role || !is_pid) return std::unexpected(fmt::format("processes: {} {}", name, pid.dump()));
  const auto number = pid.get<std::int32_t>();
  return model::Process{.pid = number, .role = *role, .pidfd_id = os::pidfd_id(number)};
}

}  // namespace

std::expected<ListenRequest, std::string> parse_listen_request(const Json& members) {
  ListenRequest request;
  const Json service = members.value("service", Json::object());
  const Json known = members.value("processes", Json::object());
  if (!service.is_object()) return std::unexpected("service: not an object");
  if (!known.is_object()) return std::unexpected("processes: not an object");
  for (const auto& [member, value] : service.items()) {
    if (auto wrong = read_setting(member, value, request.settings)) return std::unexpected(std::move(*wrong));
  }
  std::vector<model::Process> processes;
  for (const auto& [name, pid] : known.items()) {
    auto process = read_process(name, pid);
    if (!process) return std::unexpected(std::move(process.error()));
    processes.push_back(*process);
  }
  request.processes = model::Processes(std::move(processes));
  return request;
}

}  // namespace notifyspec::cli
