// A listening socket in a process that has no descriptor left.
#include "vsock/entrance.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "os/socket_address.h"

namespace notifyspec::vsock {
namespace {

/// As long as it lives, this process gets no descriptor beyond those that it has.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const os::UniqueFd lowest_free(::dup(STDERR_FILENO));
    const rlimit none = {.rlim_cur = static_cast<rlim_t>(lowest_free.get()), .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
};

class EntranceTest : public testing::Test {
 protected:
  os::UniqueFd come() const {
    os::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const os::SocketAddress name = os::to_socket_address(at_.address);
    EXPECT_EQ(::connect(fd.get(), name.get(), name.length), 0);
    return fd;
  }
  std::size_t n_ready() { return poller_.wait(0)->size(); }

  HostAddress at_ = {
      .kind = Kind::kStream,
      .address = {.name = "notifyspec-entrance-" + std::to_string(getpid()), .abstract = true}};
  Poller poller_ = *Poller::make();
  Entrance entrance_{*HostListener::listen(at_), poller_, Source::kDoor, 7};
};

TEST_F(EntranceTest, LetsIn) {
  ASSERT_TRUE(entrance_.open());
  EXPECT_FALSE(entrance_.admit(0)) << "nobody is there";
  EXPECT_FALSE(entrance_.deadline_usec()) << "which is no reason to rest";
  const os::UniqueFd visitor = come();
  const auto ready = poller_.wait(0);
  ASSERT_EQ(ready->size(), 1U);
  EXPECT_EQ(ready->front().source, Source::kDoor);
  EXPECT_EQ(ready->front().id, 7U);
  EXPECT_TRUE(entrance_.admit(0));
}

TEST_F(EntranceTest, RestsWhileThereIsNoDescriptor) {
  ASSERT_TRUE(entrance_.open());
  const os::UniqueFd visitor = come();
  ASSERT_EQ(n_ready(), 1U);
  {
    const NoMoreDescriptors here;
    EXPECT_FALSE(entrance_.admit(1000));
    EXPECT_EQ(n_ready(), 0U) << "it would be ready for ever";
    ASSERT_TRUE(entrance_.deadline_usec());
    entrance_.take_time(*entrance_.deadline_usec() - 1);
    EXPECT_EQ(n_ready(), 0U) << "not yet";
    entrance_.take_time(*entrance_.deadline_usec());
    EXPECT_EQ(n_ready(), 1U);
    EXPECT_FALSE(entrance_.admit(200'000)) << "still none";
    EXPECT_EQ(n_ready(), 0U);
  }
  entrance_.take_time(*entrance_.deadline_usec());
  EXPECT_EQ(n_ready(), 1U);
  EXPECT_TRUE(entrance_.admit(400'000)) << "who came meanwhile is not forgotten";
  EXPECT_FALSE(entrance_.deadline_usec());
}

}  // namespace
}  // namespace notifyspec::vsock
