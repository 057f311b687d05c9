#include "cli/service_host.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "os/clock.h"
#include "wire/endpoint.h"

namespace notifyspec::cli {

std::expected<std::unique_ptr<ServiceHost>, os::OsError> ServiceHost::listen(
    const model::Profile& profile, const model::ServiceSettings& settings, model::Processes processes,
    std::size_t number) {
  // The time tells it from another process of the same pid in another pid namespace.
  const wire::UnixAddress address = {
      .name = fmt::format("notifyspec/{}/{}/{}", ::getpid(), os::monotonic_usec(), number), .abstract = true};
  auto mailbox = os::Mailbox::bind(address);
  if (!mailbox) return std::unexpected(std::move(mailbox.error()));
  return std::unique_ptr<ServiceHost>(new ServiceHost(profile, settings, std::move(processes),
                                                      std::move(*mailbox),
                                                      "unix:" + wire::format(wire::Address(address))));
}

std::expected<void, os::OsError> ServiceHost::take_all() {
  while (true) {
    auto received = mailbox_.receive();
    if (!received) return std::unexpected(std::move(received.error()));
    std::optional<os::Letter>& letter = *received;
    if (!letter) return {};
    take(std::move(*letter));
  }
}

void ServiceHost::take(os::Letter letter) {
  const std::uint64_t first = service_.n_fds_seen();
  service_.take({.bytes = letter.data,
                 .pid = letter.pid.value_or(0),
                 .uid = letter.uid.value_or(static_cast<uid_t>(-1)),
                 .n_fds = letter.fds.size(),
                 .truncated = letter.truncated,
                 .seen_usec = static_cast<std::uint64_t>(os::monotonic_usec())});
  for (std::size_t i = 0; i < letter.fds.size(); ++i) stored_.emplace(first + i, std::move(letter.fds[i]));
  std::erase_if(stored_, [this](const auto& fd) {
    return std::ranges::find(service_.stored_fds(), fd.first, &model::StoredFd::serial) ==
           service_.stored_fds().end();
  });
}

}  // namespace notifyspec::cli
