#include "vsock/forward.h"

#include <gtest/gtest.h>

namespace notifyspec::vsock {
namespace {

TEST(Forward, IsReadAndPrinted) {
  const auto path = parse_forward("1234=seqpacket:/run/x/notify");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->port, 1234U);
  EXPECT_EQ(path->to.kind, Kind::kSeqpacket);
  EXPECT_EQ(path->to.address, (wire::UnixAddress{.name = "/run/x/notify"}));
  EXPECT_EQ(format(path->to), "seqpacket:/run/x/notify");
  const auto name = parse_forward("0=stream:@abstract");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->to.address, (wire::UnixAddress{.name = "abstract", .abstract = true}));
  EXPECT_EQ(format(name->to), "stream:@abstract");
}

TEST(Forward, IsRefusedWithAReason) {
  for (const char* const text :
       {"", "1234", "1234=", "=stream:/x", "x=stream:/x", "1234=/x", "1234=dgram:/x",
        "1234=stream:", "1234=stream:x", "1234=stream:vsock:2:1", "4294967295=stream:/x",
        "4294967296=stream:/x", "-1=stream:/x", "1 =stream:/x"}) {
    const auto forward = parse_forward(text);
    ASSERT_FALSE(forward) << text;
    EXPECT_FALSE(forward.error().empty());
  }
}

TEST(Forward, IsFoundByPortAndKind) {
  const std::vector<Forward> forwards = {*parse_forward("1=stream:/a"), *parse_forward("1=seqpacket:/b")};
  EXPECT_EQ(find(forwards, 1, Kind::kSeqpacket), &forwards[1]);
  EXPECT_EQ(find(forwards, 1, Kind::kStream), &forwards[0]);
  EXPECT_EQ(find(forwards, 2, Kind::kStream), nullptr);
}

}  // namespace
}  // namespace notifyspec::vsock
