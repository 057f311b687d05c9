#include "wire/address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace notifyspec::wire {
namespace {

const std::string kLongestName(kUnixNameLimit, 'n');

struct Good {
  std::string text;
  Address address;
};

const std::vector<Good> kNotifySockets = {
    {"/run/systemd/notify", UnixAddress{"/run/systemd/notify", false}},
    {"/run/two words", UnixAddress{"/run/two words", false}},
    {"/" + kLongestName.substr(1), UnixAddress{"/" + kLongestName.substr(1), false}},
    {"@notify", UnixAddress{"notify", true}},
    {"@/looks/like/a/path", UnixAddress{"/looks/like/a/path", true}},
    {"@@", UnixAddress{"@", true}},
    {"@" + kLongestName, UnixAddress{kLongestName, true}},
    {"vsock:2:1234", VsockAddress{2, 1234, std::nullopt}},
    {"vsock:0:0", VsockAddress{0, 0, std::nullopt}},
    {"vsock-stream:2:1", VsockAddress{2, 1, SocketType::kStream}},
    {"vsock-dgram:2:1", VsockAddress{2, 1, SocketType::kDgram}},
    {"vsock-seqpacket:4294967294:4294967294", VsockAddress{4294967294, 4294967294, SocketType::kSeqpacket}},
};

struct Bad {
  std::string text;
  std::string reason;
};

const std::vector<Bad> kRefused = {
    {"", "the address is empty"},
    {"notify", "\"notify\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
    {"./notify", "\"./notify\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
    {"/", "\"/\" is a directory, not a socket"},
    {"@", "\"@\" alone names no abstract socket"},
    {std::string("/a\0b", 4), "the address holds a NUL byte"},
    {std::string("@a\0b", 4), "the address holds a NUL byte"},
    {"/" + kLongestName, "the path is 108 bytes long, a socket address holds 107: choose a shorter one"},
    {"@n" + kLongestName,
     "the abstract name is 108 bytes long, a socket address holds 107: choose a shorter one"},
    {"vsock", "\"vsock\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
    {"vsock:2", "\"vsock:2\" has no port: vsock:CID:PORT is expected"},
    {"vsock::1234", "\"vsock::1234\" has no CID: vsock:CID:PORT is expected"},
    {"vsock-stream::1", "\"vsock-stream::1\" has no CID: vsock-stream:CID:PORT is expected"},
    {"vsock:2:", "the port \"\" is not a decimal number"},
    {"vsock:2:1x", "the port \"1x\" is not a decimal number"},
    {"vsock:2:1:3", "the port \"1:3\" is not a decimal number"},
    {"vsock:-1:1", "the CID \"-1\" is not a decimal number"},
    {"vsock: 2:1", "the CID \" 2\" is not a decimal number"},
    {"vsock:+2:1", "the CID \"+2\" is not a decimal number"},
    {"vsock:0x2:1", "the CID \"0x2\" is not a decimal number"},
    {"vsock:4294967296:1", "the CID \"4294967296\" does not fit in 32 bits"},
    {"vsock:4294967295:1", "the CID 4294967295 means \"any\" and names no peer"},
    {"vsock:2:4294967295", "the port 4294967295 means \"any\" and names no peer"},
    {"vsock-raw:2:1", "\"vsock-raw:2:1\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
    {"VSOCK:2:1", "\"VSOCK:2:1\" is neither an absolute path, nor an @name, nor vsock:CID:PORT"},
};

TEST(Address, NotifySocketsAreReadAndWrittenBack) {
  for (const auto& [text, address] : kNotifySockets) {
    const auto seen = parse_notify_socket(text);
    ASSERT_TRUE(seen) << text << ": " << seen.error().reason;
    EXPECT_EQ(*seen, address) << text;
    EXPECT_EQ(format(*seen), text);
  }
}

TEST(Address, BadOnesAreRefusedWithTheReason) {
  for (const auto& [text, reason] : kRefused) {
    const auto seen = parse_notify_socket(text);
    ASSERT_FALSE(seen) << text;
    EXPECT_EQ(seen.error().reason, reason) << text;
  }
}

TEST(Address, SocketTypesHaveNames) {
  EXPECT_EQ(name(SocketType::kDgram), "dgram");
  EXPECT_EQ(name(SocketType::kSeqpacket), "seqpacket");
  EXPECT_EQ(name(SocketType::kStream), "stream");
  EXPECT_EQ(name(static_cast<SocketType>(9)), "unknown-type");
}

TEST(Address, AbstractAndTypeAreAPartOfIt) {
  EXPECT_NE((UnixAddress{.name = "a"}), (UnixAddress{.name = "a", .abstract = true}));
  EXPECT_NE((UnixAddress{.name = "a"}), (UnixAddress{.name = "b"}));
  const VsockAddress address = {.cid = 2, .port = 3, .type = {}};
  EXPECT_NE(address, (VsockAddress{.cid = 3, .port = 3, .type = {}}));
  EXPECT_NE(address, (VsockAddress{.cid = 2, .port = 4, .type = {}}));
  EXPECT_NE(address, (VsockAddress{.cid = 2, .port = 3, .type = SocketType::kDgram}));
}

}  // namespace
}  // namespace notifyspec::wire
