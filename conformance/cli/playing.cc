#include "cli/playing.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <variant>
#include <vector>

#include "os/clock.h"

namespace notifyspec::cli {
namespace {

void replace_all(std::string& text, const std::string& word, const std::string& by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
}

}  // namespace

std::string_view name(Pause pause) {
  switch (pause) {
    case Pause::kNone:
      return "done";
    case Pause::kBarrier:
      return "barrier";
    case Pause::kFull:
      return "full";
    case Pause::kReload:
      return "reload";
  }
  return "unknown";
}

std::string Playing::substituted(const verdict::Datagram& datagram) const {
  std::string data = datagram.data;
  if (!datagram.substitute) return data;
  for (const auto& [role, pid] : cast_.pids())
    replace_all(data, fmt::format("${{{}.pid}}", role), std::to_string(pid));
  replace_all(data, "${now}", std::to_string(os::monotonic_usec()));
  replace_all(data, "${past}", "1");
  return data;
}

std::expected<Pause, os::OsError> Playing::send(const verdict::Datagram& datagram) {
  const std::string data = substituted(datagram);
  while (repeated_ < datagram.repeat) {
    barrier_from_ = pipes_.size();
    auto ends = pipes_.add(datagram.n_fds);
    if (!ends) return std::unexpected(ends.error());
    std::vector<int> fds;
    std::ranges::transform(*ends, std::back_inserter(fds), &os::UniqueFd::get);
    const auto sent = cast_.send(datagram.credentials, to_, data, fds, may_block_ ? 0 : MSG_DONTWAIT);
    if (!sent && sent.error().code == EAGAIN && !may_block_) return Pause::kFull;
    if (!sent) return std::unexpected(sent.error());
    ++repeated_;
    ++n_sent_;
  }
  return datagram.barrier ? Pause::kBarrier : Pause::kNone;
}

std::expected<Pause, os::OsError> Playing::go_on() {
  while (step_ < vector_.steps.size()) {
    const verdict::Step& step = vector_.steps[step_];
    auto pause = std::expected<Pause, os::OsError>(Pause::kReload);
    if (const auto* const datagram = std::get_if<verdict::Datagram>(&step)) pause = send(*datagram);
    if (!pause || *pause == Pause::kFull) return pause;
    ++step_;
    repeated_ = 0;
    if (*pause != Pause::kNone) return pause;
  }
  return Pause::kNone;
}

void Playing::await_barrier(std::int64_t deadline_usec) {
  barriers_ += barriers_.empty() ? "" : " ";
  barriers_ += pipes_.await_closed(barrier_from_, deadline_usec) ? "closed" : "open";
}

}  // namespace notifyspec::cli
