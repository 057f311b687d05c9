// The processes that a receiver knows of, and who is who among them.
//
// A pid that is not among them is that of a stranger where it sends, and of nobody where it is named.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace notifyspec::model {

enum class Role : std::uint8_t {
  kMain,      ///< the process that the service began as
  kChild,     ///< another of the service's processes
  kOtherUid,  ///< one of the service's processes that runs as another user
  kStranger,  ///< a process of another service, or of none
};

/// "main", "child", "other-uid", "stranger".
std::string_view name(Role role);
/// The role of that name, or nothing.
std::optional<Role> find_role(std::string_view name);

struct Process {
  std::int64_t pid = 0;
  Role role = Role::kStranger;
  std::optional<std::uint64_t> pidfd_id;  ///< nothing: the kernel has none
};

class Processes {
 public:
  Processes() = default;
  explicit Processes(std::vector<Process> known) : known_(std::move(known)) {}

  void add(const Process& process) { known_.push_back(process); }
  /// The process with that pid, or nullptr.
  const Process* find(std::int64_t pid) const;
  /// The pid of the process with that role, or nothing.
  std::optional<std::int64_t> pid_of(Role role) const;

 private:
  std::vector<Process> known_;
};

}  // namespace notifyspec::model
