#include "verdict/device_rules.h"

#include <gtest/gtest.h>

#include "verdict/judged_boot.h"

namespace notifyspec::verdict {
namespace {

constexpr const char* kBoundary = "device.message-boundary";
constexpr const char* kOrder = "device.order-across-connections";
constexpr const char* kRefuses = "device.refuses-unlistened-port";
constexpr const char* kNotOffered = "device.seqpacket-not-offered";

/// A message of the case "boundary" that says `says` and has `has` bytes.
std::string boundary(std::size_t says, std::size_t has) {
  std::string data =
      "X_NOTIFYSPEC_CASE=boundary\nX_NOTIFYSPEC_LENGTH=" + std::to_string(says) + "\nX_NOTIFYSPEC_PAD=";
  data.resize(has, 'a');
  return data;
}

TEST(MessageBoundary, WantsEachMessageWhole) {
  JudgedMachine good;
  good.hears_on(1, boundary(100, 100)).hears_on(1, boundary(65536, 65536)).says_of("boundary sent 2");
  EXPECT_EQ(good.verdict(kBoundary), Verdict::kPass);
  JudgedMachine joined;
  joined.hears_on(1, boundary(100, 100) + boundary(200, 200)).says_of("boundary sent 2");
  EXPECT_EQ(joined.verdict(kBoundary), Verdict::kFail);
  JudgedMachine lost;
  EXPECT_EQ(lost.hears_on(1, boundary(100, 100)).says_of("boundary sent 2").verdict(kBoundary),
            Verdict::kFail);
  JudgedMachine reset;
  EXPECT_EQ(reset.says_of("boundary failed send ECONNRESET").verdict(kBoundary), Verdict::kFail);
}

TEST(MessageBoundary, IsAnotherMatterThanClosing) {
  const auto ends = [](const char* answer) { return JudgedMachine().says_of(answer).verdict(kBoundary); };
  EXPECT_EQ(ends("boundary failed close EAGAIN"), Verdict::kSkip);
  EXPECT_EQ(ends("boundary failed close EPROTO"), Verdict::kSkip);
  EXPECT_EQ(ends("boundary failed close ECONNRESET"), Verdict::kFail);
}

TEST(MessageBoundary, DoesNotBlameTheDeviceForAReceiverThatCuts) {
  JudgedMachine machine;
  machine.hears_on(1, boundary(100, 50), "seqpacket", 40000, true).says_of("boundary sent 1");
  EXPECT_EQ(machine.verdict(kBoundary), Verdict::kInconclusive);
}

TEST(MessageBoundary, SaysNothingWhereTheTypeIsNotOffered) {
  JudgedMachine machine("vsock-stream:2:9000", "stream");
  EXPECT_EQ(machine.says_of("boundary failed connect ESOCKTNOSUPPORT").verdict(kBoundary), Verdict::kSkip);
  EXPECT_EQ(JudgedMachine().verdict(kBoundary), Verdict::kSkip);
}

TEST(OrderAcrossConnections, CountsFromZero) {
  const auto arrive = [](const char* name, std::initializer_list<const char*> sequence) {
    JudgedMachine machine;
    for (const char* number : sequence)
      machine.examines(name, std::string("X_NOTIFYSPEC_SEQUENCE=") + number);
    return machine.says_of(std::string(name) + " sent 3").verdict(kOrder);
  };
  for (const char* name : {"order", "order-stream"}) {
    EXPECT_EQ(arrive(name, {"0", "1", "2"}), Verdict::kPass);
    EXPECT_EQ(arrive(name, {"0", "2", "1"}), Verdict::kFail);
    EXPECT_EQ(arrive(name, {"0", "1"}), Verdict::kFail);
    EXPECT_EQ(arrive(name, {"0", "1", "1", "2"}), Verdict::kFail);
  }
  EXPECT_EQ(JudgedMachine().verdict(kOrder), Verdict::kSkip);
}

TEST(RefusesUnlistenedPort, WantsAnError) {
  const auto connects = [](const char* answer) { return JudgedMachine().says_of(answer).verdict(kRefuses); };
  EXPECT_EQ(connects("refused ECONNRESET"), Verdict::kPass);
  EXPECT_EQ(connects("refused connected"), Verdict::kFail);
  EXPECT_EQ(connects("refused ETIMEDOUT"), Verdict::kFail);
  EXPECT_EQ(connects("refused-seqpacket connected"), Verdict::kFail);
  EXPECT_EQ(connects("refused-seqpacket ESOCKTNOSUPPORT"), Verdict::kSkip);
  EXPECT_EQ(connects("refused ENETUNREACH"), Verdict::kSkip);
  EXPECT_EQ(JudgedMachine().verdict(kRefuses), Verdict::kSkip);
}

TEST(SeqpacketNotOffered, WantsNoConnectionOfThatType) {
  const auto offer = [](const char* answer, const char* offers) {
    return JudgedMachine("vsock-stream:2:9000", offers).says_of(answer).verdict(kNotOffered);
  };
  EXPECT_EQ(offer("seqpacket-offer ESOCKTNOSUPPORT", "stream"), Verdict::kPass);
  EXPECT_EQ(offer("seqpacket-offer connected", "stream"), Verdict::kFail);
  EXPECT_EQ(offer("seqpacket-offer connected", "stream seqpacket"), Verdict::kSkip);
  JudgedMachine packet("vsock-stream:2:9000", "stream");
  packet.says_of("seqpacket-offer ESOCKTNOSUPPORT").examines("order", "X_NOTIFYSPEC_SEQUENCE=0");
  EXPECT_EQ(packet.verdict(kNotOffered), Verdict::kFail);
}

}  // namespace
}  // namespace notifyspec::verdict
