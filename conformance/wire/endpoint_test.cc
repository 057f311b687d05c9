#include "wire/endpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::wire {
namespace {

struct Good {
  std::string text;
  Endpoint endpoint;
};

/// In the canonical form.
const std::vector<Good> kBothWays = {
    {"/run/n", UnixEndpoint{{"/run/n", false}, SocketType::kDgram}},
    {"@n", UnixEndpoint{{"n", true}, SocketType::kDgram}},
    {"unix-seqpacket:/run/n", UnixEndpoint{{"/run/n", false}, SocketType::kSeqpacket}},
    {"unix-seqpacket:@n", UnixEndpoint{{"n", true}, SocketType::kSeqpacket}},
    {"unix-stream:/run/a:b", UnixEndpoint{{"/run/a:b", false}, SocketType::kStream}},
    {"unix-stream:@n", UnixEndpoint{{"n", true}, SocketType::kStream}},
    {"vsock:2:1234", VsockAddress{2, 1234, {}}},
    {"vsock-stream:2:1", VsockAddress{2, 1, SocketType::kStream}},
    {"vsock-seqpacket:0:0", VsockAddress{0, 0, SocketType::kSeqpacket}},
    {"vsock-dgram:2:1", VsockAddress{2, 1, SocketType::kDgram}},
};

const std::vector<Good> kListenersOnly = {
    {"vsock::1234", VsockAddress{kAnyCid, 1234, {}}},
    {"vsock-stream::1", VsockAddress{kAnyCid, 1, SocketType::kStream}},
    {"vsock-seqpacket::1", VsockAddress{kAnyCid, 1, SocketType::kSeqpacket}},
};

TEST(Endpoint, ItsFormsAreReadAndWrittenBack) {
  for (const auto& [text, endpoint] : kBothWays) {
    for (const auto parse : {parse_endpoint, parse_listener}) {
      const auto seen = parse(text);
      ASSERT_TRUE(seen) << text << ": " << seen.error().reason;
      EXPECT_EQ(*seen, endpoint) << text;
      EXPECT_EQ(format(*seen), text);
    }
  }
}

TEST(Endpoint, UnixAloneMeansDatagrams) {
  EXPECT_EQ(parse_endpoint("unix:/run/n").value(), Endpoint(UnixEndpoint{{"/run/n", false}, {}}));
  EXPECT_EQ(parse_endpoint("unix:@n").value(), Endpoint(UnixEndpoint{{"n", true}, {}}));
}

TEST(Endpoint, AListenerMayLeaveTheCidOut) {
  for (const auto& [text, endpoint] : kListenersOnly) {
    const auto seen = parse_listener(text);
    ASSERT_TRUE(seen) << text << ": " << seen.error().reason;
    EXPECT_EQ(*seen, endpoint) << text;
    EXPECT_EQ(format(*seen), text);
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(Endpoint, NotifySocketKnowsNoneOfThese) {
  for (const std::string_view text : {"unix:/n", "unix-stream:/n", "unix-seqpacket:@n", "vsock::1"}) {
    EXPECT_FALSE(parse_notify_socket(text)) << text;
  }
}

TEST(Endpoint, BadOnesAreRefusedWithTheReason) {
  struct Bad {
    std::string text, reason;
  };
  for (
      const auto& [text, reason] : std::vector<Bad>{
          {"", "the address is empty"},
          {"n", "\"n\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
          {"unix:", "\"unix:\" is neither unix: with an absolute path, nor unix: with an @name"},
          {"unix-stream:n",
           "\"unix-stream:n\" is neither unix-stream: with an absolute path, nor unix-stream: with an @name"},
          {"unix-stream:vsock:2:1",
           "\"unix-stream:vsock:2:1\" is neither unix-stream: with an absolute path, nor unix-stream: with "
           "an "
           "@name"},
          {"unix:@", "\"@\" alone names no abstract socket"},
          {"unix-seqpacket:/", "\"/\" is a directory, not a socket"},
          {"unix-dgram:/n",
           "\"unix-dgram:/n\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
          {"vsock::", "the port \"\" is not a decimal number"},
          {"vsock::1:2", "the port \"1:2\" is not a decimal number"},
          {"vsock::4294967295", "the port 4294967295 means \"any\" and names no peer"},
          {"vsock-raw::1", "\"vsock-raw:0:1\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
          {"vsock:2::1", "the port \":1\" is not a decimal number"},
          {"vsock:4294967295:1", "the CID 4294967295 means \"any\" and names no peer"},
      }) {
    const auto seen = parse_listener(text);
    ASSERT_FALSE(seen) << text;
    EXPECT_EQ(seen.error().reason, reason) << text;
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

}  // namespace
}  // namespace notifyspec::wire
