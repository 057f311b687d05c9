// Receivers that go wrong about the fds that they should close, and about barriers.
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"

namespace notifyspec::cli {
namespace {

using model::Fate;

constexpr std::string_view kBarrier = "BARRIER";
constexpr std::string_view kStoreLine = "FDSTORE=1", kBarrierLine = "BARRIER=1";

template <std::size_t limit>
void lose_fds(os::Letter& letter, Scene&) {
  if (letter.fds.size() > limit) letter.fds.resize(limit);
}

/// What came before a barrier is kept back until something comes behind it.
void let_barriers_overtake(std::vector<os::Letter>& letters, Scene& scene) {
  std::vector<os::Letter> earlier = std::exchange(scene.held, {});
  std::vector<os::Letter> now;
  for (os::Letter& letter : letters) {
    const bool barrier = letter.data == kBarrierLine;
    if (barrier) std::ranges::move(std::exchange(now, {}), std::back_inserter(scene.held));
    now.push_back(std::move(letter));
  }
  std::ranges::move(earlier, std::back_inserter(now));
  if (now.back().data != kBarrierLine)
    std::ranges::move(std::exchange(scene.held, {}), std::back_inserter(now));
  letters = std::move(now);
}

const std::array kBugs = {
    ReceiverBug{.name = "leaks-fds",
                .what = "It leaves all fds open that it does not store.",
                .leaks = [](const LeftoverFd&) { return true; }},
    ReceiverBug{.name = "leaks-all-but-one",
                .what = "It closes the first fd of a message, and no further one.",
                .leaks = [](const LeftoverFd& fd) { return fd.place > 0; }},
    ReceiverBug{.name = "leaks-barrier",
                .what = "It leaves the fd of a barrier open.",
                .leaks = [](const LeftoverFd& fd) { return fd.fate == Fate::kBarrier; }},
    ReceiverBug{.name = "leaks-broken-barrier",
                .what = "It leaves the fds of a barrier open that is not alone, or has not one fd.",
                .leaks =
                    [](const LeftoverFd& fd) {
                      return fd.fate == Fate::kBarrier && (fd.place > 0 || fd.data != kBarrierLine);
                    }},
    ReceiverBug{.name = "leaks-fds-of-refused",
                .what = "It leaves fds open that come from who may not speak.",
                .leaks = [](const LeftoverFd& fd) { return fd.fate == Fate::kRefused; }},
    ReceiverBug{.name = "leaks-fds-of-dropped",
                .what = "It leaves the fds of a message open that it drops as broken.",
                .leaks = [](const LeftoverFd& fd) { return fd.fate == Fate::kDropped; }},
    ReceiverBug{
        .name = "leaks-fds-not-stored",
        .what = "It leaves fds open for which there is no room in the store.",
        .leaks =
            [](const LeftoverFd& fd) { return fd.fate == Fate::kTaken && has_line(fd.data, kStoreLine); }},
    ReceiverBug{.name = "dies-of-many-fds",
                .what = "It has room for 16 fds, and dies of more.",
                .letter =
                    [](os::Letter& letter, Scene&) {
                      if (letter.fds.size() > 16) die();
                    }},
    ReceiverBug{
        .name = "loses-fds", .what = "It has room for 16 fds, and keeps no more.", .letter = lose_fds<16>},
    ReceiverBug{.name = "loses-last-fd",
                .what = "It has room for 252 fds, one fewer than a message can have.",
                .letter = lose_fds<252>},
    ReceiverBug{.name = "barrier-with-company",
                .what = "It takes the assignments that stand beside a BARRIER=1.",
                .bytes =
                    [](std::string& data) {
                      std::string company = data;
                      drop_lines(company, kBarrier);
                      if (company.find('=') != std::string::npos) data = company;
                    }},
    ReceiverBug{.name = "barrier-needs-access",
                .what = "It leaves the fd of a barrier open that comes from who may not speak.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (letter.data == kBarrierLine && letter.pid != scene.main_pid())
                        std::ranges::move(std::exchange(letter.fds, {}), std::back_inserter(scene.kept_fds));
                    }},
    ReceiverBug{.name = "barrier-overtakes",
                .what = "It closes the fd of a barrier before it has taken what came before.",
                .batch = let_barriers_overtake},
    ReceiverBug{.name = "stores-fds-of-barrier",
                .what = "It keeps the fds of a BARRIER=1 beside which FDSTORE=1 stands.",
                .bytes =
                    [](std::string& data) {
                      if (has_line(data, kStoreLine)) drop_lines(data, kBarrier);
                    }},
    ReceiverBug{
        .name = "dies-of-pidfd-without-fd",
        .what = "It looks at the first fd of a message with MAINPIDFD=1, and dies where there is none.",
        .letter =
            [](os::Letter& letter, Scene&) {
              if (letter.fds.empty() && has_line(letter.data, "MAINPIDFD=1")) die();
            }},
};

}  // namespace

std::span<const ReceiverBug> fd_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
