#include "real_systemd.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace notifyspec::fuzz {
namespace {

/// What a systemd with that bug (wrong_systemd.cc) makes of it.
Reading read_with(const char* bug, const Datagram& datagram) {
  ::setenv("WRONG_SYSTEMD", bug, 1);
  static const auto systemd = RealSystemd::open(WRONG_SYSTEMD_PATH);
  EXPECT_TRUE(systemd.has_value()) << systemd.error();
  return systemd->read(datagram);
}

const Lines kReady = std::vector<std::string>{"READY=1"};

TEST(RealSystemd, FindsNothingWrongInARightOne) {
  for (const From from : {From::kMain, From::kChild, From::kOtherUid, From::kStranger}) {
    for (const std::size_t n_fds : {0, 1, 5, 253}) {
      const Reading reading = read_with("none", {.bytes = "READY=1", .from = from, .n_fds = n_fds});
      EXPECT_EQ(reading.lines, kReady);
      EXPECT_EQ(reading.fault, "") << n_fds;
    }
  }
}

TEST(RealSystemd, DropsWhatHasLostSomething) {
  for (const std::size_t n_fds : {0, 1, 5, 253}) {
    const Reading reading = read_with("none", {.bytes = "READY=1", .n_fds = n_fds, .truncated = true});
    EXPECT_EQ(reading.lines, std::nullopt) << n_fds;
    EXPECT_EQ(reading.fault, "") << n_fds;
  }
}

TEST(RealSystemd, FindsAnFdThatIsLost) {
  EXPECT_EQ(read_with("loses-an-fd", {.bytes = "READY=1", .n_fds = 2}).fault, "1 fds came");
}

TEST(RealSystemd, FindsAnotherSender) {
  EXPECT_EQ(read_with("names-another-uid", {.bytes = "READY=1"}).fault, "it names another sender");
  if (::geteuid() != 0) GTEST_SKIP() << "only the privileged send in another's name";
  EXPECT_EQ(read_with("names-itself", {.bytes = "READY=1", .from = From::kStranger}).fault,
            "it names another sender");
}

TEST(RealSystemd, FindsWhatIsTakenThoughSomethingIsLost) {
  const Reading some = read_with("takes-what-is-left", {.bytes = "READY=1", .n_fds = 5, .truncated = true});
  EXPECT_EQ(some.lines, kReady);  // which is neither the model's word nor that of the documents
  EXPECT_NE(some.fault.find(" fds came"), std::string::npos);
  EXPECT_EQ(read_with("asks-nobody", {.bytes = "READY=1", .truncated = true}).fault,
            "it names another sender");
}

TEST(RealSystemd, FindsAFailure) {
  EXPECT_EQ(read_with("fails", {.bytes = "READY=1"}).fault, "it failed: Bad message");
}

}  // namespace
}  // namespace notifyspec::fuzz
