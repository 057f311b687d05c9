// Senders that send to the wrong place.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <variant>

#include "cli/planted/sender_bug.h"
#include "os/socket_address.h"

namespace notifyspec::cli {
namespace {

using Returned = SenderCalls::Returned;

constexpr const char* kVariable = "NOTIFY_SOCKET";

std::optional<wire::UnixAddress> place() {
  const char* const value = std::getenv(kVariable);
  const auto address = value == nullptr ? wire::parse_notify_socket("") : wire::parse_notify_socket(value);
  if (!address || !std::holds_alternative<wire::UnixAddress>(*address)) return std::nullopt;
  return std::get<wire::UnixAddress>(*address);
}

/// With `value` in the environment for the time of the call, and what the call does to it done.
Returned with_value(const std::string& value, const NotifyCall& call, int child) {
  const char* const before = std::getenv(kVariable);
  const std::string kept = before == nullptr ? "" : before;
  ::setenv(kVariable, value.c_str(), 1);
  Returned done = ReferenceCalls::notify(call, child);
  if (std::getenv(kVariable) != nullptr) ::setenv(kVariable, kept.c_str(), 1);
  return done;
}

/// To an abstract name that is another, made by `change`; everything else as it should be.
template <void (*change)(std::string& name)>
Returned to_other_name(const NotifyCall& call, int child) {
  auto address = place();
  if (!address || !address->abstract) return ReferenceCalls::notify(call, child);
  change(address->name);
  if (call.unset_environment) ::unsetenv(kVariable);
  return ReferenceCalls::notify_at(*address, call, child);
}

std::string value_of_variable() {
  const char* const value = std::getenv(kVariable);
  return value == nullptr ? "" : value;
}

bool is_set() {
  return std::getenv(kVariable) != nullptr;
}

Returned as_stream(const NotifyCall& call, int child) {
  const auto address = place();
  if (!address) return ReferenceCalls::notify(call, child);
  if (call.unset_environment) ::unsetenv(kVariable);
  const auto socket = os::make_socket(AF_UNIX, wire::SocketType::kStream, 0);
  if (!socket) return -socket.error().code;
  const os::SocketAddress to = os::to_socket_address(*address);
  if (::connect(socket->get(), to.get(), to.length) != 0) return -errno;
  return ::send(socket->get(), call.state.data(), call.state.size(), MSG_NOSIGNAL) < 0 ? -errno : 1;
}

const std::array kBugs = {
    SenderBug{.name = "pads-abstract-name",
              .what = "It gives the kernel the whole of sun_path for an abstract name, with all its NULs.",
              .notify = to_other_name<[](std::string& name) { name.resize(wire::kUnixNameLimit); }>},
    SenderBug{.name = "counts-nul-of-abstract-name",
              .what = "It counts the NUL behind an abstract name.",
              .notify = to_other_name<[](std::string& name) {
                if (name.size() < wire::kUnixNameLimit) name += '\0';
              }>},
    SenderBug{.name = "abstract-name-too-short",
              .what = "It forgets the last byte of an abstract name.",
              .notify = to_other_name<[](std::string& name) { name.pop_back(); }>},
    SenderBug{.name = "keeps-at-sign",
              .what = "It takes the @ for a part of the abstract name.",
              .notify = to_other_name<[](std::string& name) {
                name.insert(0, 1, '@');
                name.resize(std::min(name.size(), wire::kUnixNameLimit));
              }>},
    SenderBug{.name = "at-sign-unknown",
              .what = "It knows no abstract names.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const bool abstract = value_of_variable().starts_with('@');
                    return abstract ? with_value("/@", call, child) : ReferenceCalls::notify(call, child);
                  }},
    SenderBug{.name = "abstract-names-only",
              .what = "It knows no paths.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const std::string value = value_of_variable();
                    return value.starts_with('/') ? with_value("@" + value.substr(1), call, child)
                                                  : ReferenceCalls::notify(call, child);
                  }},
    SenderBug{.name = "cuts-long-address",
              .what = "It cuts an address that is too long.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const std::string value = value_of_variable();
                    constexpr std::size_t kLimit = wire::kUnixNameLimit;
                    return value.size() > kLimit ? with_value(value.substr(0, kLimit), call, child)
                                                 : ReferenceCalls::notify(call, child);
                  }},
    SenderBug{.name = "address-of-92",
              .what = "It refuses an address of more than 92 bytes.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    return value_of_variable().size() > 92 ? Returned(-ENAMETOOLONG)
                                                           : ReferenceCalls::notify(call, child);
                  }},
    SenderBug{.name = "trims-address",
              .what = "It takes blanks and newlines around the address away.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    std::string value = value_of_variable();
                    if (!is_set()) return ReferenceCalls::notify(call, child);
                    value.erase(0, value.find_first_not_of(" \t\n"));
                    value.resize(value.find_last_not_of(" \t\n") + 1);
                    return with_value(value, call, child);
                  }},
    SenderBug{.name = "takes-scheme",
              .what = "It takes unix: before the address away.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const std::string value = value_of_variable();
                    return value.starts_with("unix:") ? with_value(value.substr(5), call, child)
                                                      : ReferenceCalls::notify(call, child);
                  }},
    SenderBug{.name = "uses-stream", .what = "It makes a socket for streams.", .notify = as_stream},
    SenderBug{.name = "falls-back-to-stream",
              .what = "It tries a socket for streams where one for datagrams is refused.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const bool keep = is_set();
                    const std::string value = value_of_variable();
                    const Returned first = ReferenceCalls::notify(call, child);
                    if (!first || *first >= 0 || !keep) return first;
                    ::setenv(kVariable, value.c_str(), 1);
                    return as_stream(call, child);
                  }},
};

}  // namespace

std::span<const SenderBug> address_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
