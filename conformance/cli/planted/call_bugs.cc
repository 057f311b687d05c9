// Senders that return the wrong thing, or mistreat the environment, fds and barriers.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "cli/planted/sender_bug.h"
#include "os/socket_address.h"

namespace notifyspec::cli {
namespace {

using Returned = SenderCalls::Returned;

constexpr const char* kVariable = "NOTIFY_SOCKET";

std::string value_of_variable() {
  const char* const value = std::getenv(kVariable);
  return value == nullptr ? "" : value;
}

bool is_set() {
  return std::getenv(kVariable) != nullptr;
}

/// What stands for a barrier, sent, and nothing waited for.
Returned in_place_of_barrier(const BarrierCall& call, std::string_view state, std::size_t fds) {
  NotifyCall notify;
  notify.state = state;
  notify.fds = fds;
  notify.unset_environment = call.unset_environment;
  return ReferenceCalls::notify(notify, 0);
}

const std::array kBugs = {
    SenderBug{.name = "error-is-zero",
              .what = "It returns 0 on an error.",
              .returned = [](int value) { return value < 0 ? 0 : value; }},
    SenderBug{.name = "error-is-positive",
              .what = "It returns the number of the error without its sign.",
              .returned = [](int value) { return value < 0 ? -value : value; }},
    SenderBug{.name = "success-is-zero",
              .what = "It returns 0 on success.",
              .returned = [](int value) { return value > 0 ? 0 : value; }},
    SenderBug{.name = "unset-is-success",
              .what = "It returns 1 where $NOTIFY_SOCKET is not set.",
              .returned = [](int value) { return value == 0 ? 1 : value; }},
    SenderBug{.name = "unset-is-error",
              .what = "It returns an error where $NOTIFY_SOCKET is not set.",
              .returned = [](int value) { return value == 0 ? -ENOENT : value; }},
    SenderBug{.name = "empty-is-unset",
              .what = "It takes a $NOTIFY_SOCKET that is set to nothing for not set.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    if (!is_set() || !value_of_variable().empty()) return ReferenceCalls::notify(call, child);
                    if (call.unset_environment) ::unsetenv(kVariable);
                    return Returned(0);
                  }},
    SenderBug{.name = "missing-is-unset",
              .what = "It returns 0 where nobody listens.",
              .returned = [](int value) { return value == -ENOENT || value == -ECONNREFUSED ? 0 : value; }},
    SenderBug{.name = "keeps-environment",
              .what = "It never unsets $NOTIFY_SOCKET.",
              .call = [](NotifyCall& call) { call.unset_environment = false; }},
    SenderBug{.name = "always-unsets",
              .what = "It always unsets $NOTIFY_SOCKET.",
              .call = [](NotifyCall& call) { call.unset_environment = true; }},
    SenderBug{.name = "unsets-on-success-only",
              .what = "It leaves $NOTIFY_SOCKET set after an error.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const bool was_set = is_set();
                    const std::string value = value_of_variable();
                    const Returned done = ReferenceCalls::notify(call, child);
                    if (done && *done < 0 && was_set) ::setenv(kVariable, value.c_str(), 1);
                    return done;
                  }},
    SenderBug{.name = "empties-environment",
              .what = "It sets $NOTIFY_SOCKET to nothing in place of unsetting it.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    const Returned done = ReferenceCalls::notify(call, child);
                    if (call.unset_environment) ::setenv(kVariable, "", 1);
                    return done;
                  }},
    SenderBug{.name = "barrier-keeps-environment",
              .what = "Its barrier never unsets $NOTIFY_SOCKET.",
              .barrier =
                  [](const BarrierCall& call) {
                    return ReferenceCalls::barrier({.timeout_usec = call.timeout_usec});
                  }},
    SenderBug{
        .name = "drops-fds", .what = "It sends no fds.", .call = [](NotifyCall& call) { call.fds = 0; }},
    SenderBug{.name = "one-fd-at-most",
              .what = "It sends the first fd, and no further one.",
              .call = [](NotifyCall& call) { call.fds = std::min<std::size_t>(call.fds, 1); }},
    SenderBug{.name = "cuts-fds",
              .what = "It sends as many fds as the kernel takes, and keeps quiet about the rest.",
              .call = [](NotifyCall& call) { call.fds = std::min(call.fds, os::kMaxFds); }},
    SenderBug{.name = "room-for-64-fds",
              .what = "It refuses more than 64 fds.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    return call.fds > 64 ? Returned(-E2BIG) : ReferenceCalls::notify(call, child);
                  }},
    SenderBug{.name = "fds-in-second-datagram",
              .what = "It sends fds in a datagram of their own.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    NotifyCall words = call;
                    words.fds = 0;
                    if (call.fds == 0) return ReferenceCalls::notify(words, child);
                    words.unset_environment = false;
                    const Returned first = ReferenceCalls::notify(words, child);
                    if (!first || *first < 0) return first;
                    NotifyCall company = call;
                    company.state.clear();
                    return ReferenceCalls::notify(company, child);
                  }},
    SenderBug{.name = "own-pid-always",
              .what = "It never sends on behalf of another process.",
              .notify = [](const NotifyCall& call, int) { return ReferenceCalls::notify(call, 0); }},
    SenderBug{
        .name = "parents-pid",
        .what = "It sends with the credentials of its parent.",
        .notify = [](const NotifyCall& call,
                     int child) { return ReferenceCalls::notify(call, child == 0 ? ::getppid() : child); }},
    SenderBug{.name = "barrier-at-once",
              .what = "Its barrier waits for nothing.",
              .barrier = [](const BarrierCall& call) { return in_place_of_barrier(call, "BARRIER=1", 1); }},
    SenderBug{.name = "barrier-without-fd",
              .what = "Its barrier has no fd.",
              .barrier = [](const BarrierCall& call) { return in_place_of_barrier(call, "BARRIER=1", 0); }},
    SenderBug{.name = "barrier-with-two-fds",
              .what = "It sends both ends of the pipe with its barrier.",
              .barrier = [](const BarrierCall& call) { return in_place_of_barrier(call, "BARRIER=1", 2); }},
    SenderBug{.name = "barrier-with-company",
              .what = "It puts a STATUS= beside its BARRIER=1.",
              .barrier =
                  [](const BarrierCall& call) {
                    return in_place_of_barrier(call, "BARRIER=1\nSTATUS=Waiting", 1);
                  }},
    SenderBug{.name = "barrier-not-sent",
              .what = "Its barrier sends nothing, and succeeds.",
              .barrier = [](const BarrierCall&) { return Returned(1); }},
    SenderBug{.name = "barrier-late-is-success",
              .what = "Its barrier succeeds when its time is over.",
              .barrier =
                  [](const BarrierCall& call) {
                    const Returned done = ReferenceCalls::barrier(call);
                    return done && *done == -ETIMEDOUT ? Returned(1) : done;
                  }},
    SenderBug{.name = "barrier-late-is-zero",
              .what = "Its barrier returns 0 when its time is over.",
              .barrier =
                  [](const BarrierCall& call) {
                    const Returned done = ReferenceCalls::barrier(call);
                    return done && *done == -ETIMEDOUT ? Returned(0) : done;
                  }},
};

}  // namespace

std::span<const SenderBug> call_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
