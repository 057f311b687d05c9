#include "model/message.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

namespace {

std::size_t n_allocations = 0;  // NOLINT: counted by operator new below, for the whole of this program

}  // namespace

void* operator new(std::size_t size) {
  ++n_allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace notifyspec::model {
namespace {

const Profile kDocumented = find_profile("documented").value();
const Profile kSystemd = find_profile("systemd-262").value();

Message read(std::string_view payload, const Profile& profile) {
  LineReader lines(payload, profile);
  Message message;
  message.read(lines, profile);
  return message;
}

TEST(Message, HasTypedFields) {
  const std::string payload = "READY=1\nSTATUS=up\nERRNO=2\nX_ACME=1\n\nnonsense\nSTOPPING=2";
  const Message message = read(payload, kDocumented);
  EXPECT_TRUE(message.has(Key::kReady));
  EXPECT_EQ(message.text(Key::kStatus), "up");
  EXPECT_EQ(message.number(Key::kErrno), 2U);
  EXPECT_TRUE(message.is_invalid(Key::kStopping));
  EXPECT_FALSE(message.has(Key::kStopping));
  EXPECT_FALSE(message.has(Key::kReloading));
  EXPECT_FALSE(message.is_invalid(Key::kReloading));
  EXPECT_EQ(message.number(Key::kMainPid), std::nullopt);
  EXPECT_EQ(message.text(Key::kFdName), std::nullopt);
  EXPECT_EQ(message.line_count(), 6U);
  EXPECT_EQ(message.last_lifecycle(), Key::kReady);
}

TEST(Message, ForgetsTheOneBefore) {
  Message message = read("READY=1\nSTATUS=up", kSystemd);
  LineReader lines("ERRNO=1", kSystemd);
  message.read(lines, kSystemd);
  EXPECT_FALSE(message.has(Key::kReady));
  EXPECT_FALSE(message.has(Key::kStatus));
  EXPECT_EQ(message.last_lifecycle(), std::nullopt);
  EXPECT_EQ(message.line_count(), 1U);
}

TEST(Message, KnowsFieldsByTheNamesOfTheTable) {
  for (std::size_t key = 0; key < kKeyCount; ++key)
    EXPECT_NE(field::find(name(static_cast<Key>(key))), nullptr) << name(static_cast<Key>(key));
  EXPECT_EQ(name(Key::kBarrier), "BARRIER");
}

TEST(Message, IsReadWithoutMemory) {
  const std::string mixed =
      "READY=1\nRELOADING=1\nSTOPPING=0\nMONOTONIC_USEC=1\nSTATUS=a long text with \\escapes "
      "\xff\nNOTIFYACCESS=bad\n"
      "ERRNO=ENOENT\nERRNO=9999\nBUSERROR=\x01\nVARLINKERROR=a.b\nMAINPID=0\nMAINPIDFDID=x\nMAINPIDFD=1\n"
      "WATCHDOG=x\nWATCHDOG_USEC=10s\nEXTEND_TIMEOUT_USEC= "
      "0x10\nRESTART_RESET=1\nFDSTORE=1\nFDSTOREREMOVE=1\n"
      "FDNAME=a:b\nBARRIER=1\nX_ACME=1\nEXIT_STATUS=256\nX_SYSTEMD_HOSTNAME=-\nX_SYSTEMD_SHUTDOWN=x\r\n";
  for (const Profile& profile : {kDocumented, kSystemd}) {
    Message message = read("", profile);
    const std::size_t before = n_allocations;
    LineReader lines(mixed, profile);
    message.read(lines, profile);
    EXPECT_EQ(n_allocations, before) << profile.name;
    EXPECT_GE(message.line_count(), 20U);
  }
  const std::size_t before = n_allocations;
  EXPECT_EQ(std::string(100, 'a').size(), 100U);
  EXPECT_GT(n_allocations, before) << "nothing is counted";
}

}  // namespace
}  // namespace notifyspec::model
