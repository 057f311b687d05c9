// Who may speak for a service: NotifyAccess= of systemd.service(5), and NOTIFYACCESS= over it.
//
// exec adds the control processes (ExecStartPre= and the like) to main; here are none, so both are the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace notifyspec::model {

enum class NotifyAccess : std::uint8_t { kNone, kMain, kExec, kAll };

/// "none", "main", "exec", "all".
std::string_view name(NotifyAccess access);
/// The access of that name, or nothing.
std::optional<NotifyAccess> find_notify_access(std::string_view name);

}  // namespace notifyspec::model
