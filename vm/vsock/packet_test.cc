#include "vsock/packet.h"

#include <gtest/gtest.h>

#include <array>

namespace notifyspec::vsock {
namespace {

TEST(Packet, HasItsFieldsWhereVirtioPutsThem) {
  std::array<std::byte, kHeaderSize> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  const Header header = decode_header(bytes);
  EXPECT_EQ(header.src_cid, 0x0706050403020100U);
  EXPECT_EQ(header.dst_cid, 0x0f0e0d0c0b0a0908U);
  EXPECT_EQ(header.src_port, 0x13121110U);
  EXPECT_EQ(header.dst_port, 0x17161514U);
  EXPECT_EQ(header.len, 0x1b1a1918U);
  EXPECT_EQ(header.type, 0x1d1cU);
  EXPECT_EQ(header.op, 0x1f1eU);
  EXPECT_EQ(header.flags, 0x23222120U);
  EXPECT_EQ(header.buf_alloc, 0x27262524U);
  EXPECT_EQ(header.fwd_cnt, 0x2b2a2928U);
}

TEST(Packet, IsWrittenAsItIsRead) {
  const Header header = {.src_cid = 2,
                         .dst_cid = 3,
                         .src_port = 1024,
                         .dst_port = 0xfffffffe,
                         .len = 7,
                         .type = 2,
                         .op = 5,
                         .flags = 1,
                         .buf_alloc = 65536,
                         .fwd_cnt = 0xffffffff};
  std::array<std::byte, kHeaderSize> bytes;
  encode_header(header, bytes);
  EXPECT_EQ(decode_header(bytes), header);
}

}  // namespace
}  // namespace notifyspec::vsock
