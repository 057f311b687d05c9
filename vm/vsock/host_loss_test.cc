// What cannot be carried between a guest and a host socket: it is counted as lost, and both sides learn of
// it.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cstdlib>
#include <string>

#include "vsock/pure_guest.h"
#include "vsock/simulated_device.h"

namespace notifyspec::vsock {
namespace {

using Texts = std::vector<std::string>;

/// A connection of a host program to port 22 of the guest, over messages.
class Loss : public testing::Test {
 protected:
  static constexpr std::uint32_t kGuestPort = 22;

  void SetUp() override {
    std::array<int, 2> ends = {};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    program_ = os::UniqueFd(ends[0]);
    ours_ = ends[1];
    const auto id = device_.switchboard.open(Kind::kSeqpacket, kGuestPort);
    device_.host_side.adopt(*id, HostSocket(os::UniqueFd(ends[1]), Kind::kSeqpacket), 0);
    port_ = device_.receive()->header.src_port;
    device_.driver.send(device_.header(Op::kResponse, Kind::kSeqpacket, kGuestPort, port_));
    device_.step();
  }
  void guest_sends(std::string_view text) {
    Header message = device_.header(Op::kData, Kind::kSeqpacket, kGuestPort, port_);
    message.flags = kEndOfMessage;
    message.len = static_cast<std::uint32_t>(text.size());
    device_.driver.send(message, as_payload(text));
  }
  void program_sends(std::string_view text) {
    ASSERT_EQ(::send(program_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  /// The operation of the next packet for the guest; kInvalid: there is none.
  Op guest_hears() {
    const auto packet = device_.receive();
    return packet ? packet->header.operation() : Op::kInvalid;
  }
  std::string greeting() const { return "OK " + std::to_string(port_) + "\n"; }
  const Counts& counts() const { return device_.switchboard.counts(); }

  SimulatedDevice device_{{}, {}};
  os::UniqueFd program_;
  int ours_ = -1;
  std::uint32_t port_ = 0;
};

/// From now on every send of this process fails in that way.
void let_sends_fail(int error) {
  std::array<sock_filter, 4> steps = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendto, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog program = {.len = steps.size(), .filter = steps.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) std::abort();
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) std::abort();
}

TEST_F(Loss, ResetsAConnectionWhoseMessageTheHostSocketCannotHold) {
  const int small = 16384;
  ASSERT_EQ(::setsockopt(ours_, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
  guest_sends("xxx");
  guest_sends(std::string(65536, 'x'));
  EXPECT_EQ(guest_hears(), Op::kReset) << "not as if the host had shut its socket";
  EXPECT_EQ(read_now(program_), (Texts{greeting(), "xxx", "<end>"}));
  EXPECT_EQ(counts().bytes_lost_out, 65536U);
  EXPECT_EQ(counts().resets_sent, 1U);
  EXPECT_NE(device_.said.find("65536 bytes of guest port 22"), std::string::npos) << device_.said;
}

TEST_F(Loss, WaitsNotForMemoryThatTheKernelWillNotAnnounce) {
  for (const int error : {ENOBUFS, ENOMEM}) {
    const auto lose = [&] {
      let_sends_fail(error);
      guest_sends("READY=1");
      const bool reset = guest_hears() == Op::kReset;
      ::_exit(reset && counts().bytes_lost_out == 7 && counts().resets_sent == 1 ? 0 : 1);
    };
    EXPECT_EXIT(lose(), testing::ExitedWithCode(0), "") << error;
  }
}

TEST_F(Loss, CountsAMessageOfTheHostThatIsTooLong) {
  const int much = 4 << 20;
  if (::setsockopt(program_.get(), SOL_SOCKET, SO_SNDBUFFORCE, &much, sizeof much) != 0) {
    GTEST_SKIP() << "only root may have a buffer for so long a message";
  }
  program_sends(std::string(kLongestMessage + 1, 'x'));
  EXPECT_EQ(guest_hears(), Op::kReset);
  EXPECT_EQ(counts().bytes_lost_in, kLongestMessage + 1);
  EXPECT_EQ(counts().messages_in, 0U);
}

TEST_F(Loss, HasNoneOfAnEmptyMessageBeforeTheEnd) {
  EXPECT_EQ(read_now(program_), Texts{greeting()});
  program_sends("");
  program_sends("x");
  program_sends("");
  program_ = {};
  for (const std::uint32_t length : {0U, 1U, 0U}) {
    const auto message = device_.receive();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->header.operation(), Op::kData);
    EXPECT_EQ(message->header.len, length);
    EXPECT_EQ(message->header.flags, kEndOfMessage);
  }
  EXPECT_EQ(guest_hears(), Op::kShutdown);
  EXPECT_EQ(counts().messages_in, 3U);
}

TEST_F(Loss, HasNoneOfWhatAProgramSaidThatDidNotHearUs) {
  program_sends("x");
  program_ = {};  // our greeting in it, unread: ECONNRESET comes before the message
  EXPECT_EQ(guest_hears(), Op::kData);
  EXPECT_EQ(guest_hears(), Op::kShutdown);
  EXPECT_EQ(counts().messages_in, 1U);
}

TEST_F(Loss, HasNoneOfAnEmptyMessageBeforeAHalfClose) {
  program_sends("");
  ::shutdown(program_.get(), SHUT_WR);
  EXPECT_EQ(guest_hears(), Op::kData);
  EXPECT_EQ(guest_hears(), Op::kShutdown);
}

}  // namespace
}  // namespace notifyspec::vsock
