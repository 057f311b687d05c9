#include "vsock/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "os/clock.h"

namespace notifyspec::vsock {
namespace {

Say say_if(bool wanted) {
  if (!wanted) return [](std::string_view) {};
  return Service::tell;
}

}  // namespace

void Service::tell(std::string_view words) {
  fmt::print(stderr, "notifyspec-vsock: {}\n", words);
}

Service::Service(Options options, os::Termination termination, Poller poller, HostListener listener)
    : options_(std::move(options)),
      termination_(std::move(termination)),
      poller_(std::move(poller)),
      entrance_(std::move(listener), poller_, Source::kVmmListener),
      switchboard_(options_.settings),
      host_side_(switchboard_, poller_, say_if(options_.verbose)),
      door_(poller_) {}

std::expected<std::unique_ptr<Service>, os::OsError> Service::start(Options options) {
  // First of all: from here on, a request to end no longer leaves a socket file behind.
  auto termination = os::Termination::watch();
  if (!termination) return std::unexpected(termination.error());
  auto poller = Poller::make();
  if (!poller) return std::unexpected(poller.error());
  auto listener =
      options.socket_fd ? HostListener::adopt(*options.socket_fd) : HostListener::listen(options.socket);
  if (!listener) return std::unexpected(listener.error());
  std::unique_ptr<Service> service(
      new Service(std::move(options), *std::move(termination), *std::move(poller), *std::move(listener)));
  if (const auto opened = service->open_doors(); !opened) return std::unexpected(opened.error());
  return service;
}

std::expected<void, os::OsError> Service::open_doors() {
  for (const HostAddress& door : options_.doors) {
    if (const auto opened = door_.listen(door); !opened) return opened;
  }
  if (const auto added = poller_.add(termination_.fd(), Source::kTermination); !added) return added;
  if (os::stdin_is_lifeline()) {
    constexpr int kStandardInput = 0;
    if (const auto added = poller_.add(kStandardInput, Source::kLifeline); !added) return added;
  }
  return entrance_.open();
}

std::expected<void, os::OsError> Service::run() {
  bool more = false;
  while (!ended_) {
    const auto stepped = step(more ? std::optional<std::int64_t>(0) : std::nullopt);
    if (!stepped) return std::unexpected(stepped.error());
    more = *stepped;
  }
  // Receivers that read get what was under way; those that do not have had their time.
  if (vmm_) lose_vmm("");
  constexpr std::int64_t kGraceUsec = 1'000'000;
  const std::int64_t end_usec = os::monotonic_usec() + kGraceUsec;
  host_side_.service(now_usec_);
  while (switchboard_.n_connections() > 0 && os::monotonic_usec() < end_usec) {
    if (const auto done = turn(end_usec - os::monotonic_usec()); !done) return done;
    host_side_.service(now_usec_);
  }
  switchboard_.forget_all();
  return {};
}

std::expected<bool, os::OsError> Service::step(std::optional<std::int64_t> at_most_usec) {
  if (const auto done = turn(at_most_usec); !done) return std::unexpected(done.error());
  return pump();
}

/// Waits for what is next, at most so long, and does it.
std::expected<void, os::OsError> Service::turn(std::optional<std::int64_t> at_most_usec) {
  for (const auto deadline : {host_side_.deadline_usec(), door_.deadline_usec(), entrance_.deadline_usec()}) {
    if (!deadline) continue;
    const std::int64_t left_usec = std::max<std::int64_t>(0, *deadline - os::monotonic_usec());
    at_most_usec = std::min(at_most_usec.value_or(left_usec), left_usec);
  }
  const auto ready = poller_.wait(at_most_usec);
  if (!ready) return std::unexpected(ready.error());
  now_usec_ = os::monotonic_usec();
  for (const Readiness& readiness : *ready) take(readiness);
  host_side_.take_time(now_usec_);
  door_.take_time(now_usec_);
  entrance_.take_time(now_usec_);
  return {};
}

void Service::take(const Readiness& readiness) {
  switch (readiness.source) {
    case Source::kTermination:
      ended_ = true;
      return;
    case Source::kLifeline:
      ended_ |= os::stdin_has_ended();
      return;
    case Source::kVmmListener:
      return admit_vmm();
    case Source::kVmm:
      return hear_vmm();
    case Source::kKick:
      if (vmm_) vmm_->device.take_kick(readiness.id);
      return;
    case Source::kDoor:
      return door_.admit(readiness.id, now_usec_);
    case Source::kVisitor:
      return hear_visitor(readiness.id);
    case Source::kHost:
      return host_side_.take_readiness(readiness, now_usec_);
  }
}

bool Service::pump() {
  constexpr int kMostRounds = 16;
  bool any = true;
  for (int round = 0; any && round < kMostRounds; ++round) {
    any = vmm_ && vmm_->device.take();
    host_side_.service(now_usec_);
    any |= vmm_ && vmm_->device.give();
    host_side_.service(now_usec_);
  }
  if (vmm_) vmm_->device.signal();
  return any;
}

void Service::admit_vmm() {
  auto socket = entrance_.admit(now_usec_);
  if (!socket) return;
  if (ended_) return;
  if (vmm_) {
    options_.warn("a second VMM is turned away: one is served at a time");
    return;
  }
  if (const auto added = poller_.add(socket->fd(), Source::kVmm); !added)
    return options_.warn(added.error().reason);
  vmm_.emplace(
      Vmm{.socket = VhostUserSocket(socket->release()),
          .device = VhostUserDevice(switchboard_, poller_, say_if(options_.verbose), options_.warn)});
}

void Service::hear_vmm() {
  while (vmm_) {
    auto received = vmm_->socket.receive();
    if (!received) return lose_vmm(received.error().reason);
    std::optional<VhostMessage>& message = *received;
    if (!message) return;
    const std::uint32_t request = message->request;
    const auto answer = vmm_->device.handle(*std::move(message));
    if (!answer) return lose_vmm(fmt::format("vhost-user message {}: {}", request, answer.error()));
    const std::optional<std::vector<std::byte>>& body = *answer;
    if (!body) continue;
    if (const auto sent = vmm_->socket.reply(request, *body); !sent) return lose_vmm(sent.error().reason);
  }
}

void Service::lose_vmm(const std::string& reason) {
  if (!reason.empty()) options_.warn(fmt::format("{}; its connection is closed", reason));
  if (vmm_) vmm_->device.stop_all();
  vmm_.reset();
  ended_ |= options_.once;
}

void Service::hear_visitor(std::uint64_t visitor) {
  auto wish = door_.hear(visitor);
  if (!wish || !vmm_ || !vmm_->device.running()) return;
  const auto id = switchboard_.open(wish->socket.kind(), wish->port);
  if (id) host_side_.adopt(*id, std::move(wish->socket), now_usec_);
}

}  // namespace notifyspec::vsock
