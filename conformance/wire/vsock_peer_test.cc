#include "wire/vsock_peer.h"

#include <gtest/gtest.h>

#include <string>

#include "wire/address.h"

namespace notifyspec::wire {
namespace {

TEST(VsockPeer, IsWrittenAndReadBack) {
  EXPECT_EQ(format_vsock_peer({.cid = 4, .port = 1023}, "7-0"), "vsock/4:1023/7-0");
  for (const VsockPeer peer : {VsockPeer{0, 0}, VsockPeer{3, 1023}, VsockPeer{4294967295, 4294967295}}) {
    EXPECT_EQ(parse_vsock_peer(format_vsock_peer(peer, "a_Z-9")), peer);
  }
}

TEST(VsockPeer, TheLongestOneFitsInASocketAddress) {
  const std::string name = format_vsock_peer({4294967295, 4294967295}, std::string(64, 't'));
  EXPECT_LE(name.size(), kUnixNameLimit);
  EXPECT_TRUE(parse_vsock_peer(name));
}

TEST(VsockPeer, AnyOtherNameIsNobody) {
  const std::string too_long_a_token = "vsock/4:1/" + std::string(65, 't');
  for (const std::string_view name : {std::string_view(""),
                                      std::string_view("vsock/"),
                                      std::string_view("vsock/4:1"),
                                      std::string_view("vsock/4:1/"),
                                      std::string_view("vsock/:1/t"),
                                      std::string_view("vsock/4:/t"),
                                      std::string_view("vsock/4/1/t"),
                                      std::string_view("vsock/04:1/t"),
                                      std::string_view("vsock/4:01/t"),
                                      std::string_view("vsock/+4:1/t"),
                                      std::string_view("vsock/4: 1/t"),
                                      std::string_view("vsock/-1:1/t"),
                                      std::string_view("vsock/4294967296:1/t"),
                                      std::string_view("vsock/4:1/t/u"),
                                      std::string_view("vsock/4:1/t\0", 12),
                                      std::string_view("vsock/4:1/t t"),
                                      std::string_view("\0vsock/4:1/t", 12),
                                      std::string_view("/vsock/4:1/t"),
                                      std::string_view("VSOCK/4:1/t"),
                                      std::string_view("vsock:4:1/t"),
                                      std::string_view("vsock/0x4:1/t"),
                                      std::string_view(too_long_a_token)}) {
    EXPECT_EQ(parse_vsock_peer(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace notifyspec::wire
