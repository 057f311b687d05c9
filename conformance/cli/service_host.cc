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
    const Receiver& receiver, const model::ServiceSettings& settings, model::Processes processes,
    std::size_t number) {
  // The time tells it from another process of the same pid in another pid namespace.
  const wire::UnixAddress address = {
      .name = fmt::format("notifyspec/{}/{}/{}", ::getpid(), os::monotonic_usec(), number), .abstract = true};
  auto mailbox = os::Mailbox::bind(address);
  if (!mailbox) return std::unexpected(std::move(mailbox.error()));
  return std::unique_ptr<ServiceHost>(new ServiceHost(receiver, settings, std::move(processes),
                                                      std::move(*mailbox),
                                                      "unix:" + wire::format(wire::Address(address))));
}

std::expected<void, os::OsError> ServiceHost::take_all() {
  if (bug_.batch != nullptr) return take_batch();
  while (true) {
    auto received = mailbox_.receive();
    if (!received) return std::unexpected(std::move(received.error()));
    std::optional<os::Letter>& letter = *received;
    if (!letter) return {};
    take(std::move(*letter));
  }
}

std::expected<void, os::OsError> ServiceHost::take_batch() {
  std::vector<os::Letter> letters;
  auto letter = mailbox_.receive();
  for (; letter && *letter; letter = mailbox_.receive()) letters.push_back(std::move(**letter));
  if (!letter) return std::unexpected(std::move(letter.error()));
  if (!letters.empty()) bug_.batch(letters, scene_);
  for (os::Letter& each : letters) take(std::move(each));
  return {};
}

void ServiceHost::take(os::Letter letter) {
  if (bug_.bytes != nullptr) bug_.bytes(letter.data);
  if (bug_.letter != nullptr) bug_.letter(letter, scene_);
  ++scene_.n_taken;
  const std::uint64_t first = service_.n_fds_seen();
  const model::Fate fate = service_.take({.bytes = letter.data,
                                          .pid = letter.pid.value_or(0),
                                          .uid = letter.uid.value_or(static_cast<uid_t>(-1)),
                                          .n_fds = letter.fds.size(),
                                          .truncated = letter.truncated,
                                          .seen_usec = static_cast<std::uint64_t>(os::monotonic_usec())});
  for (std::size_t i = 0; i < letter.fds.size(); ++i) {
    const bool leaks = bug_.leaks != nullptr && !is_stored(first + i) &&
                       bug_.leaks({.place = i, .data = letter.data, .fate = fate});
    if (leaks) {
      scene_.kept_fds.push_back(std::move(letter.fds[i]));
    } else {
      stored_.emplace(first + i, std::move(letter.fds[i]));
    }
  }
  std::erase_if(stored_, [this](const auto& fd) { return !is_stored(fd.first); });
}

bool ServiceHost::is_stored(std::uint64_t serial) const {
  return std::ranges::find(service_.stored_fds(), serial, &model::StoredFd::serial) !=
         service_.stored_fds().end();
}

}  // namespace notifyspec::cli
