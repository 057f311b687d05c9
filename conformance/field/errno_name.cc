#include "field/errno_name.h"

#include <algorithm>
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

/// Whether they are the same but for the case of ASCII letters; `known` has capitals.
bool is_spelled(std::string_view name, std::string_view known) {
  const auto capital = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::ranges::equal(name, known, {}, capital);
}

}  // namespace

std::optional<std::uint64_t> errno_of(std::string_view name) {
  constexpr int kGreatest = EHWPOISON;
  if (!name.starts_with('E') && !name.starts_with('e')) return std::nullopt;
  for (const Alias& alias : kAliases) {
    if (is_spelled(name, alias.name)) return alias.number;
  }
  for (int number = 1; number <= kGreatest; ++number) {
    const char* const known = strerrorname_np(number);
    if (known != nullptr && is_spelled(name, known)) return static_cast<std::uint64_t>(number);
  }
  return std::nullopt;
}

}  // namespace notifyspec::field
