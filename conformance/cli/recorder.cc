#include "cli/recorder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "os/waiting.h"

namespace notifyspec::cli {
namespace {

using Done = std::expected<void, os::OsError>;

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// How often, at the end, a socket is looked at for what is still on the way: a peer that never stops sending
/// must not keep the recording from ending.
constexpr int kLastLooks = 4096;

/// How long a shortage of fds may last unseen: nothing tells when it is over.
constexpr std::int64_t kShortageUsec = 50'000;

/// Who sent it, as far as that is known.
std::string sender_of(const os::Arrival& arrival) {
  if (arrival.peer) return fmt::format("CID {} port {}", arrival.peer->cid, arrival.peer->port);
  return fmt::format("pid {}", arrival.pid.value_or(0));
}

}  // namespace

struct Recorder::Use {
  Receivers& receivers;
  os::Reception reception;
  std::function<std::size_t()> room;
  std::function<void(os::Arrival&)> take;

  /// What `receiver` has, until nothing waits, there is no room, or what comes was sent after `until_usec`.
  Done empty(os::Receiver& receiver, std::int64_t until_usec) const {
    while (true) {
      const auto arrivals = receiver.receive(room(), reception);
      if (!arrivals) return std::unexpected(arrivals.error());
      for (os::Arrival& arrival : *arrivals) take(arrival);
      if (arrivals->empty() || arrivals->back().sent_usec > until_usec) return {};
    }
  }
};

Recorder::Recorder(std::int64_t t0_usec, Receivers messages, Receivers controls)
    : t0_usec_(t0_usec),
      messages_(std::move(messages)),
      controls_(std::move(controls)),
      lifeline_(os::stdin_is_lifeline()) {}

Done Recorder::run(const os::Termination& termination, const RecorderLimits& limits, const Take& take,
                   const Complain& complain) {
  const Use messages = {.receivers = messages_,
                        .reception = {.clock = clock_, .n_connections = n_connections_},
                        .room = [&] { return room(limits); },
                        .take = [this](os::Arrival& arrival) { add_message(arrival); }};
  const Use controls = {.receivers = controls_,
                        .reception = {.clock = clock_, .n_connections = n_control_connections_},
                        .room = [] { return kNoLimit; },
                        .take = [&](os::Arrival& arrival) { add_control(arrival, complain); }};
  bool over = false;
  while (!over) {
    if (const Done waited = wait(termination, limits); !waited) return waited;
    // Asked before the clock is read: what was sent before the request to end is then within the time.
    over = is_over(termination, limits);
    const std::int64_t now_usec = os::monotonic_usec();
    if (const Done drained = drain(now_usec, messages, controls); !drained) return drained;
    over = over || room(limits) == 0;
    for (const Use& use : {std::cref(messages), std::cref(controls)}) {
      if (const Done finished = over ? finish(use) : Done(); !finished) return finished;
    }
    count_connections(complain);
    const std::int64_t until_usec = over ? std::numeric_limits<std::int64_t>::max() : now_usec;
    if (const Done handed_on = hand_on(until_usec, take); !handed_on) return handed_on;
  }
  return {};
}

Done Recorder::wait(const os::Termination& termination, const RecorderLimits& limits) const {
  if (!pending_.empty()) return {};
  std::vector<int> fds = {termination.fd()};
  std::optional<std::int64_t> deadline_usec = limits.end_usec;
  for (const Receivers& receivers : {std::cref(messages_), std::cref(controls_)}) {
    for (const auto& receiver : receivers) {
      fds.push_back(receiver->fd());
      if (!receiver->is_short_of_fds()) continue;
      const std::int64_t again_usec = os::monotonic_usec() + kShortageUsec;
      deadline_usec = std::min(again_usec, deadline_usec.value_or(again_usec));
    }
  }
  if (lifeline_) fds.push_back(STDIN_FILENO);
  return os::wait_readable(fds, deadline_usec);
}

bool Recorder::is_over(const os::Termination& termination, const RecorderLimits& limits) const {
  return os::is_readable(termination.fd()) || (limits.end_usec && os::monotonic_usec() >= *limits.end_usec) ||
         (lifeline_ && os::is_readable(STDIN_FILENO) && os::stdin_has_ended());
}

std::size_t Recorder::room(const RecorderLimits& limits) const {
  return limits.max_messages ? *limits.max_messages - counts_.messages : kNoLimit;
}

Done Recorder::drain(std::int64_t until_usec, const Use& messages, const Use& controls) {
  for (const Use& use : {std::cref(messages), std::cref(controls)}) {
    for (const auto& receiver : use.receivers) {
      if (const Done done = use.empty(*receiver, until_usec); !done) return done;
    }
  }
  return {};
}

Done Recorder::finish(const Use& use) {
  for (const auto& receiver : use.receivers) {
    if (!receiver->has_connections()) continue;
    bool more = true;
    for (int look = 0; more && look < kLastLooks; ++look) {
      while (look < kLastLooks && use.room() > 0 && os::is_readable(receiver->fd())) {
        ++look;
        if (const Done done = use.empty(*receiver, INT64_MIN); !done) return done;
      }
      // Those that waited for an fd can be accepted once the others are gone.
      more = receiver->is_short_of_fds();
      for (os::Arrival& arrival : receiver->cut_off(use.room())) use.take(arrival);
      if (more) {
        if (const Done done = use.empty(*receiver, INT64_MIN); !done) return done;
      }
    }
  }
  return {};
}

void Recorder::add_message(os::Arrival& arrival) {
  ++counts_.messages;
  if (arrival.truncated) ++counts_.truncated;
  wire::Message message;
  message.data = std::move(arrival.data);
  message.pid = arrival.pid;
  message.uid = arrival.uid;
  message.gid = arrival.gid;
  message.fds = static_cast<std::int64_t>(arrival.n_fds);
  message.truncated = arrival.truncated;
  if (arrival.peer) {
    message.peer_cid = arrival.peer->cid;
    message.peer_port = arrival.peer->port;
  }
  if (arrival.type) message.socket_type = wire::name(*arrival.type);
  message.connection = arrival.connection;
  pending_.push_back(
      {.t_usec = std::max<std::int64_t>(0, arrival.sent_usec - t0_usec_), .body = std::move(message)});
}

void Recorder::add_control(const os::Arrival& arrival, const Complain& complain) {
  const auto reject = [&](std::string_view reason) {
    ++counts_.refused;
    complain(fmt::format("a control datagram of {} is refused: {}", sender_of(arrival), reason));
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

void Recorder::count_connections(const Complain& complain) {
  std::size_t shortages = 0;
  for (const auto& receiver : controls_) shortages += receiver->counts().shortages;
  counts_.connections.reset();
  for (const auto& receiver : messages_) {
    if (!receiver->has_connections()) continue;
    const os::ConnectionCounts more = receiver->counts();
    if (!counts_.connections) counts_.connections.emplace();
    counts_.connections->accepted += more.accepted;
    counts_.connections->unfinished += more.unfinished;
    counts_.connections->shortages += more.shortages;
    shortages += more.shortages;
  }
  if (shortages > std::exchange(shortages_, shortages))
    complain("connections wait to be accepted: no file descriptor is free (see ulimit -Hn)");
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
