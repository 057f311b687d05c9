// The device as a VMM sets it up, message by message, with memory that both map.
#include "vsock/vhost_user_device.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "vsock/guest_driver.h"
#include "vsock/pure_guest.h"

namespace notifyspec::vsock {
namespace {

constexpr std::uint64_t kFeatures = std::uint64_t{1} << 32 | 1U << 30 | 1U << 29 | 1U << 28 | 1U << 1;

os::UniqueFd memory_file(std::size_t size) {
  os::UniqueFd fd(memfd_create("guest", MFD_CLOEXEC));
  EXPECT_EQ(ftruncate(fd.get(), static_cast<off_t>(size)), 0);
  return fd;
}

class Vmm : public testing::Test {
 protected:
  VhostUserDevice::Answer ask(Request request, Body body = {}, int fd = -1, bool wants_reply = false) {
    VhostMessage message;
    message.request = static_cast<std::uint32_t>(request);
    message.wants_reply = wants_reply;
    message.body = std::move(body);
    if (fd >= 0) message.fds.emplace_back(dup(fd));
    return device_.handle(std::move(message));
  }
  /// What a VMM does once the guest's driver is ready.
  void start() {
    EXPECT_TRUE(ask(Request::kSetFeatures, Number{kFeatures}));
    EXPECT_TRUE(share_memory());
    for (std::uint32_t index = 0; index < kRingCount; ++index) {
      const RingPlace place = ring(index).place();
      EXPECT_TRUE(ask(Request::kSetVringNum, VringState{index, place.size}));
      EXPECT_TRUE(ask(Request::kSetVringBase, VringState{index, base_[index]}));
      EXPECT_TRUE(ask(Request::kSetVringAddr, VringAddress{.index = index,
                                                           .descriptors = place.descriptors,
                                                           .used = place.used,
                                                           .available = place.available}));
      EXPECT_TRUE(ask(Request::kSetVringCall, VringFd{index, true}, calls_[index].get()));
      EXPECT_TRUE(ask(Request::kSetVringKick, VringFd{index, true}, kick_.get()));
    }
  }
  VhostUserDevice::Answer share_memory() {
    const TableRegion region = {.guest_address = SharedMemory::kGuestAddress,
                                .size = GuestDriver::bytes_for({}),
                                .user_address = SharedMemory::kUserAddress};
    return ask(Request::kSetMemTable, MemoryTable{{region}}, file_.get());
  }
  /// Stops both rings, as a reset of the guest does.
  void stop() {
    for (std::uint32_t index = 0; index < kRingCount; ++index) {
      const auto answer = ask(Request::kGetVringBase, VringState{index, 0});
      ASSERT_TRUE(answer && *answer && (*answer)->size() == 8);
      base_[index] = load_le<std::uint32_t>((*answer)->data() + 4);
    }
  }
  DriverRing& ring(std::size_t index) {
    return index == kToGuest ? driver_.to_guest() : driver_.from_guest();
  }
  void send(Op op, std::string_view payload = {}, std::uint32_t flags = 0) {
    Header header = guest_.header(op, Kind::kSeqpacket, 1);
    header.len = static_cast<std::uint32_t>(payload.size());
    header.flags = flags;
    ASSERT_TRUE(driver_.send(header, as_payload(payload)));
  }
  ConnectionId connect() {
    send(Op::kRequest);
    EXPECT_TRUE(device_.take());
    const ConnectionId id = guest_.attention();
    guest_.find(id)->host_connected();
    guest_.switchboard.settle(id);
    EXPECT_TRUE(device_.give());
    EXPECT_EQ(driver_.receive()->header.operation(), Op::kResponse);
    return id;
  }

  os::UniqueFd file_ = memory_file(GuestDriver::bytes_for({}));
  GuestDriver driver_{{}, SharedMemory(*Mapping::map(file_, 0, GuestDriver::bytes_for({})))};
  os::UniqueFd kick_{eventfd(0, EFD_NONBLOCK)};
  std::array<os::UniqueFd, kRingCount> calls_ = {os::UniqueFd(eventfd(0, EFD_NONBLOCK)),
                                                 os::UniqueFd(eventfd(0, EFD_NONBLOCK))};
  std::array<std::uint32_t, kRingCount> base_ = {};
  PureGuest guest_{test_settings()};
  Poller poller_ = *Poller::make();
  std::string said_;
  VhostUserDevice device_{guest_.switchboard, poller_, [](std::string_view) {},
                          [this](std::string_view words) { said_ += words; }};
};

TEST_F(Vmm, LearnsWhatIsOffered) {
  const auto features = ask(Request::kGetFeatures);
  ASSERT_TRUE(features && *features);
  EXPECT_EQ(load_le<std::uint64_t>((*features)->data()), kFeatures | 1);
  const auto config = ask(Request::kGetConfig, ConfigRange{.offset = 0, .size = 8});
  ASSERT_TRUE(config && *config);
  EXPECT_EQ(load_le<std::uint64_t>((*config)->data() + 12), kTestCid);
  EXPECT_FALSE(ask(Request::kSetFeatures, Number{kFeatures | 1U << 5}));
  EXPECT_FALSE(ask(Request::kSetProtocolFeatures, Number{~std::uint64_t{0}}));
}

TEST_F(Vmm, IsNotOfferedSeqpacketWhereThatIsTheFault) {
  PureGuest guest(test_settings({"no-seqpacket"}));
  VhostUserDevice device(
      guest.switchboard, poller_, [](std::string_view) {}, [](std::string_view) {});
  const auto features = device.handle({.request = static_cast<std::uint32_t>(Request::kGetFeatures),
                                       .wants_reply = false,
                                       .body = {},
                                       .fds = {}});
  EXPECT_EQ(load_le<std::uint64_t>((*features)->data()) & 3, 1U);
}

TEST_F(Vmm, IsAcknowledgedWhereItAsks) {
  EXPECT_FALSE(*ask(Request::kSetOwner, {}, -1, true)) << "not negotiated";
  EXPECT_TRUE(ask(Request::kSetProtocolFeatures, Number{1U << 3}));
  EXPECT_TRUE(*ask(Request::kSetOwner, {}, -1, true));
  EXPECT_FALSE(*ask(Request::kSetOwner));
}

TEST_F(Vmm, StartsAndSignals) {
  start();
  EXPECT_TRUE(device_.running());
  connect();
  device_.signal();
  for (const os::UniqueFd& call : calls_) {
    std::uint64_t count = 0;
    EXPECT_EQ(::read(call.get(), &count, sizeof count), 8);
  }
}

TEST_F(Vmm, StopsAndStartsAnewWhereItWas) {
  start();
  const ConnectionId id = connect();
  stop();
  EXPECT_FALSE(device_.running());
  EXPECT_EQ(guest_.find(id), nullptr) << "the guest has forgotten it";
  EXPECT_EQ(base_[kFromGuest], 1U);
  start();
  EXPECT_TRUE(device_.running());
  connect();
}

TEST_F(Vmm, LosesNoLastWordsWhenItStops) {
  start();
  const ConnectionId id = connect();
  send(Op::kData, "X_SYSTEMD_SHUTDOWN=poweroff", kEndOfMessage);
  stop();  // before we looked at the ring
  EXPECT_EQ(guest_.take_out(id), "X_SYSTEMD_SHUTDOWN=poweroff");
  EXPECT_EQ(guest_.find(id), nullptr);
  EXPECT_EQ(guest_.switchboard.counts().bytes_lost_out, 0U);
}

TEST_F(Vmm, MayMoveTheMemoryWhileItRuns) {
  start();
  const ConnectionId id = connect();
  ASSERT_TRUE(share_memory());
  EXPECT_TRUE(device_.running());
  send(Op::kData, "after", kEndOfMessage);
  EXPECT_TRUE(device_.take());
  EXPECT_EQ(guest_.take_out(id), "after");
}

TEST_F(Vmm, HearsOfABrokenRingAndMendsItByAReset) {
  start();
  const ConnectionId id = connect();
  driver_.from_guest().set_available_index(40'000);
  EXPECT_FALSE(device_.take());
  EXPECT_TRUE(device_.is_broken());
  EXPECT_NE(said_.find("more chains are offered"), std::string::npos) << said_;
  EXPECT_EQ(guest_.find(id), nullptr);
  EXPECT_FALSE(device_.take());
  stop();
  driver_.from_guest().set_available_index(1);
  base_[kFromGuest] = 1;
  start();
  EXPECT_FALSE(device_.is_broken());
  EXPECT_TRUE(device_.running());
}

TEST_F(Vmm, StopsThoughTheGuestGoesOnAndOn) {
  start();
  const DriverBuffer runt = {.address = SharedMemory::kGuestAddress, .length = 1};
  driver_.from_guest().offer({&runt, 1});
  // Both halves of the ring in one place: each chain that is given back is offered anew.
  const RingPlace place = driver_.from_guest().place();
  EXPECT_TRUE(ask(Request::kGetVringBase, VringState{kFromGuest, 0}));
  EXPECT_TRUE(ask(Request::kSetVringBase, VringState{kFromGuest, 0}));
  EXPECT_TRUE(ask(Request::kSetVringAddr, VringAddress{.index = kFromGuest,
                                                       .descriptors = place.descriptors,
                                                       .used = place.available,
                                                       .available = place.available}));
  driver_.from_guest().set_available_index(1);
  EXPECT_TRUE(ask(Request::kSetVringKick, VringFd{kFromGuest, true}, kick_.get()));
  ASSERT_TRUE(device_.take()) << "a guest that never ends";
  stop();
  EXPECT_FALSE(device_.running());
}

TEST_F(Vmm, IsNotWatchedForKicksOfARingThatHasStopped) {
  start();
  stop();
  {
    VhostUserDevice other(
        guest_.switchboard, poller_, [](std::string_view) {}, [](std::string_view) {});
    VhostMessage kick = {.request = static_cast<std::uint32_t>(Request::kSetVringKick),
                         .wants_reply = false,
                         .body = VringFd{0, true},
                         .fds = {}};
    kick.fds.emplace_back(dup(kick_.get()));
    EXPECT_TRUE(other.handle(std::move(kick)));
  }
  const std::uint64_t one = 1;
  ASSERT_EQ(::write(kick_.get(), &one, sizeof one), 8) << "the VMM has the same eventfd still";
  EXPECT_TRUE(poller_.wait(0)->empty()) << "it would be ready for ever";
}

TEST_F(Vmm, LosesAllConnectionsWithTheMemoryOfItsRings) {
  start();
  const ConnectionId id = connect();
  const TableRegion elsewhere = {.guest_address = SharedMemory::kGuestAddress,
                                 .size = GuestDriver::bytes_for({}),
                                 .user_address = 2 * SharedMemory::kUserAddress};
  ASSERT_TRUE(ask(Request::kSetMemTable, MemoryTable{{elsewhere}}, file_.get()));
  EXPECT_TRUE(device_.is_broken());
  EXPECT_EQ(guest_.find(id), nullptr);
}

TEST_F(Vmm, IsToldWhenARingLiesNowhere) {
  ASSERT_TRUE(share_memory());
  ASSERT_TRUE(ask(Request::kSetVringNum, VringState{0, 8}));
  ASSERT_TRUE(ask(Request::kSetVringAddr, VringAddress{.index = 0, .descriptors = 16}));
  ASSERT_TRUE(ask(Request::kSetVringKick, VringFd{0, true}, kick_.get()));
  EXPECT_TRUE(device_.is_broken());
}

TEST_F(Vmm, IsRefusedWhatIsNotHere) {
  EXPECT_FALSE(ask(Request::kSetVringNum, VringState{2, 8})) << "the event queue stays with the VMM";
  EXPECT_FALSE(ask(Request::kSetVringAddr, VringAddress{.index = 2}));
  EXPECT_FALSE(ask(Request::kSetVringKick, VringFd{255, true}, kick_.get()));
  EXPECT_FALSE(ask(Request::kSetVringKick, VringFd{0, false})) << "polling";
  EXPECT_FALSE(ask(Request::kGetConfig, ConfigRange{.offset = 8, .size = 8}));
  EXPECT_FALSE(ask(Request::kSetMemTable, MemoryTable{{{.size = 1U << 30}}}, file_.get()))
      << "more than the file has";
}

}  // namespace
}  // namespace notifyspec::vsock
