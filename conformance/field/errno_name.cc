#include "field/errno_name.h"

#include <cerrno>
#include <cstring>

namespace notifyspec::field {
namespace {

struct Alias {
  std::string_view name;
  std::uint64_t number;
};

// Second names: the C library gives only the first.
constexpr Alias kAliases[] = {
    {"EWOULDBLOCK", EWOULDBLOCK}, {"EDEADLOCK", EDEADLOCK}, {"ENOTSUP", ENOTSUP}, {"EOPNOTSUPP", EOPNOTSUPP}};

}  // namespace

std::optional<std::uint64_t> errno_of(std::string_view name) {
  constexpr int kGreatest = EHWPOISON;
  if (!name.starts_with('E')) return std::nullopt;
  for (const Alias& alias : kAliases) {
    if (alias.name == name) return alias.number;
  }
  for (int number = 1; number <= kGreatest; ++number) {
    const char* const known = strerrorname_np(number);
    if (known != nullptr && name == known) return static_cast<std::uint64_t>(number);
  }
  return std::nullopt;
}

}  // namespace notifyspec::field
