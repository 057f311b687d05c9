#include "cli/recorder.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "os/waiting.h"

namespace notifyspec::cli {
namespace {

using Done = std::expected<void, os::OsError>;

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// Calls `take` with each arrival, until the socket is empty, `room()` is 0, or what comes was sent after
/// `until_usec`.
template <typename Take, typename Room>
Done empty(os::NotifySocket& socket, os::WallClock& clock, std::int64_t until_usec, const Room& room,
           const Take& take) {
  while (true) {
    const auto arrivals = socket.receive(room(), clock);
    if (!arrivals) return std::unexpected(arrivals.error());
    for (const os::Arrival& arrival : *arrivals) take(arrival);
    if (arrivals->empty() || arrivals->back().sent_usec > until_usec) return {};
  }
}

}  // namespace

Recorder::Recorder(std::int64_t t0_usec, std::vector<os::NotifySocket> sockets,
                   std::optional<os::NotifySocket> control)
    : t0_usec_(t0_usec),
      sockets_(std::move(sockets)),
      control_(std::move(control)),
      lifeline_(os::stdin_is_lifeline()) {}

Done Recorder::run(const os::Termination& termination, const RecorderLimits& limits, const Take& take,
                   const Refuse& refuse) {
  bool over = false;
  while (!over) {
    if (const Done waited = wait(termination, limits); !waited) return waited;
    // Asked before the clock is read: what was sent before the request to end is then within the time.
    over = is_over(termination, limits);
    const std::int64_t now_usec = os::monotonic_usec();
    if (const Done drained = drain(now_usec, limits, refuse); !drained) return drained;
    over = over || room(limits) == 0;
    const std::int64_t until_usec = over ? std::numeric_limits<std::int64_t>::max() : now_usec;
    if (const Done handed_on = hand_on(until_usec, take); !handed_on) return handed_on;
  }
  return {};
}

Done Recorder::wait(const os::Termination& termination, const RecorderLimits& limits) const {
  if (!pending_.empty()) return {};
  std::vector<int> fds = {termination.fd()};
  for (const os::NotifySocket& socket : sockets_) fds.push_back(socket.fd());
  if (control_) fds.push_back(control_->fd());
  if (lifeline_) fds.push_back(STDIN_FILENO);
  return os::wait_readable(fds, limits.end_usec);
}

bool Recorder::is_over(const os::Termination& termination, const RecorderLimits& limits) const {
  return os::is_readable(termination.fd()) || (limits.end_usec && os::monotonic_usec() >= *limits.end_usec) ||
         (lifeline_ && os::is_readable(STDIN_FILENO) && os::stdin_has_ended());
}

std::size_t Recorder::room(const RecorderLimits& limits) const {
  return limits.max_messages ? *limits.max_messages - counts_.messages : kNoLimit;
}

Done Recorder::drain(std::int64_t until_usec, const RecorderLimits& limits, const Refuse& refuse) {
  for (os::NotifySocket& socket : sockets_) {
    const Done done = empty(
        socket, clock_, until_usec, [&] { return room(limits); },
        [this](const os::Arrival& arrival) { add_message(arrival); });
    if (!done) return done;
  }
  if (!control_) return {};
  return empty(
      *control_, clock_, until_usec, [] { return kNoLimit; },
      [&](const os::Arrival& arrival) { add_control(arrival, refuse); });
}

void Recorder::add_message(const os::Arrival& arrival) {
  ++counts_.messages;
  if (arrival.truncated) ++counts_.truncated;
  wire::Message message;
  message.data = arrival.data;
  message.pid = arrival.pid;
  message.uid = arrival.uid;
  message.gid = arrival.gid;
  message.fds = static_cast<std::int64_t>(arrival.n_fds);
  message.truncated = arrival.truncated;
  pending_.push_back(
      {.t_usec = std::max<std::int64_t>(0, arrival.sent_usec - t0_usec_), .body = std::move(message)});
}

void Recorder::add_control(const os::Arrival& arrival, const Refuse& refuse) {
  const auto reject = [&](std::string_view reason) {
    ++counts_.refused;
    refuse(arrival.pid.value_or(0), reason);
  };
  if (arrival.truncated) return reject("it was cut short on its way");
  auto told = wire::parse_control(arrival.data);
  if (!told) return reject(told.error().reason);
  const std::int64_t happened_usec =
      told->monotonic_usec.value_or(arrival.sent_usec - told->age_usec.value_or(0));
  if (happened_usec < t0_usec_ && told->monotonic_usec)
    return reject("its monotonic_usec is before the recording");
  if (happened_usec < t0_usec_ && told->age_usec) return reject("its age_usec is before the recording");
  if (happened_usec > os::monotonic_usec()) return reject("its monotonic_usec has not come yet");
  told->event.t_usec = std::max<std::int64_t>(0, happened_usec - t0_usec_);
  pending_.push_back(std::move(told->event));
}

Done Recorder::hand_on(std::int64_t until_usec, const Take& take) {
  std::ranges::stable_sort(pending_, {}, &wire::Event::t_usec);
  const std::int64_t until =
      until_usec == std::numeric_limits<std::int64_t>::max() ? until_usec : until_usec - t0_usec_;
  const auto end = std::ranges::upper_bound(pending_, until, {}, &wire::Event::t_usec);
  const std::span<const wire::Event> batch(pending_.begin(), end);
  if (batch.empty()) return {};
  counts_.late = counts_.late || batch.front().t_usec < handed_on_usec_;
  handed_on_usec_ = std::max(handed_on_usec_, batch.back().t_usec);
  counts_.events += batch.size();
  const Done taken = take(batch);
  pending_.erase(pending_.begin(), end);
  return taken;
}

}  // namespace notifyspec::cli
