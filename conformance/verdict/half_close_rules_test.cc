#include "verdict/half_close_rules.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kDevice = "device.half-close";
constexpr const char* kReceiver = "receiver.vsock-closes-after-eof";
constexpr std::int64_t kPatienceUsec = 2'000'000;

struct Both {
  Verdict device, receiver;
  friend bool operator==(const Both&, const Both&) = default;
};

Both verdicts(const JudgedBoot& machine) {
  return {machine.verdict(kDevice), machine.verdict(kReceiver)};
}

TEST(HalfClose, IsCarriedAndAnswered) {
  JudgedMachine machine;
  machine.examines("half-close").says_of("half-close eof");
  machine.examines("half-close-stream", "", "stream").says_of("half-close-stream eof");
  EXPECT_EQ(verdicts(machine), (Both{Verdict::kPass, Verdict::kPass}));
}

TEST(HalfClose, IsProvedByAPacketAlone) {
  JudgedMachine machine;
  EXPECT_EQ(verdicts(machine.examines("half-close").says_of("half-close eof")),
            (Both{Verdict::kPass, Verdict::kPass}));
}

TEST(HalfClose, IsTheDevicesFaultWhereTheStreamsEndCameOnlyAsTheSenderLeft) {
  JudgedMachine machine;
  machine.examines("half-close").later(kPatienceUsec);
  machine.says_of("half-close timeout").later(kPatienceUsec);
  machine.examines("half-close-stream", "", "stream").says_of("half-close-stream timeout");
  EXPECT_EQ(verdicts(machine), (Both{Verdict::kFail, Verdict::kSkip}));
}

TEST(HalfClose, IsTheDevicesFaultWhereTheStreamsEndNeverCame) {
  JudgedMachine machine;
  machine.says_of("half-close-stream timeout");
  machine.hears_on(7, "X_NOTIFYSPEC_CASE=half-close-stream", "stream", 40000, true);
  EXPECT_EQ(verdicts(machine), (Both{Verdict::kFail, Verdict::kSkip}));
}

TEST(HalfClose, IsTheDevicesFaultWhereItResets) {
  JudgedMachine stream;
  EXPECT_EQ(stream.says_of("half-close-stream ECONNRESET").verdict(kDevice), Verdict::kFail);
  JudgedMachine packet;
  EXPECT_EQ(packet.examines("half-close").says_of("half-close ECONNRESET").verdict(kDevice), Verdict::kFail);
  JudgedMachine refused;
  EXPECT_EQ(refused.says_of("half-close failed connect ECONNRESET").verdict(kDevice), Verdict::kFail);
}

TEST(HalfClose, IsTheReceiversFaultWhereTheEndCameAndItDidNotClose) {
  JudgedMachine stream;
  stream.examines("half-close-stream", "", "stream").later(kPatienceUsec);
  stream.says_of("half-close-stream timeout");
  EXPECT_EQ(verdicts(stream), (Both{Verdict::kPass, Verdict::kFail}));
  JudgedMachine packet;
  packet.examines("half-close").later(kPatienceUsec);
  packet.says_of("half-close timeout");
  EXPECT_EQ(verdicts(packet), (Both{Verdict::kSkip, Verdict::kFail}));
}

TEST(HalfClose, IsTheReceiversFaultWhereItSendsSomethingBack) {
  JudgedMachine machine;
  EXPECT_EQ(machine.says_of("half-close-stream data").verdict(kReceiver), Verdict::kFail);
}

TEST(HalfClose, SaysNothingWhereItWasNotTried) {
  EXPECT_EQ(verdicts(JudgedMachine()), (Both{Verdict::kSkip, Verdict::kSkip}));
  JudgedMachine machine("vsock-stream:2:9000", "stream");
  EXPECT_EQ(verdicts(machine.says_of("half-close failed connect ESOCKTNOSUPPORT")),
            (Both{Verdict::kSkip, Verdict::kSkip}));
}

}  // namespace
}  // namespace notifyspec::verdict
