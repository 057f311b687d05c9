#include "model/credential.h"

#include <gtest/gtest.h>

namespace notifyspec::model {
namespace {

Credential credential(const char* address, const char* offers, int systemd = 257) {
  Credential out(systemd);
  out.take(wire::Action{"notify-socket", address});
  out.take(wire::Observation{"device-offers", offers});
  return out;
}

TEST(Credential, IsOfOneFamilyOrMalformedOrMissing) {
  EXPECT_FALSE(Credential(257).given());
  EXPECT_TRUE(credential("nonsense", "stream").malformed());
  EXPECT_NE(credential("/run/notify", "stream").unix_address(), nullptr);
  EXPECT_EQ(credential("/run/notify", "stream").vsock_address(), nullptr);
  EXPECT_EQ(credential("vsock:2:9000", "stream").vsock_address()->port, 9000U);
}

TEST(Credential, KnowsWhatTheDeviceOffers) {
  EXPECT_EQ(Credential(257).offers(wire::SocketType::kStream), std::nullopt);
  EXPECT_EQ(credential("vsock:2:9000", "stream seqpacket").offers(wire::SocketType::kSeqpacket), true);
  EXPECT_EQ(credential("vsock:2:9000", "stream").offers(wire::SocketType::kSeqpacket), false);
  EXPECT_EQ(credential("vsock:2:9000", "").offers(wire::SocketType::kStream), false);
}

TEST(Credential, PromisesOnlyWhatATextPromises) {
  struct Row {
    const char* address;
    const char* offers;
    int systemd;
    bool promised;
  };
  for (const Row& row :
       {Row{"vsock:2:9000", "stream seqpacket", 254, true}, Row{"vsock:2:9000", "stream", 257, false},
        Row{"vsock-seqpacket:2:9000", "stream seqpacket", 257, true},
        Row{"vsock-seqpacket:2:9000", "stream", 257, false}, Row{"vsock-stream:2:9000", "stream", 262, true},
        Row{"vsock-stream:2:9000", "stream", 254, false},
        Row{"vsock-dgram:2:9000", "stream seqpacket", 262, false},
        Row{"/run/notify", "stream seqpacket", 262, false}, Row{"nonsense", "stream seqpacket", 262, false}})
    EXPECT_EQ(!credential(row.address, row.offers, row.systemd).unpromised(), row.promised)
        << row.address << " on " << row.offers << ", systemd " << row.systemd;
  EXPECT_TRUE(Credential(257).unpromised());
}

TEST(Credential, PromisesNothingWhereNobodySaysWhatTheDeviceOffers) {
  Credential out(257);
  out.take(wire::Action{"notify-socket", "vsock:2:9000"});
  EXPECT_TRUE(out.unpromised());
}

TEST(Credential, IsNoAddressWhereItIsNone) {
  Credential bare(257);
  bare.take(wire::Action{"notify-socket", std::nullopt});
  bare.take(wire::Action{"halt", std::nullopt});
  bare.take(wire::Observation{"booted", ""});
  EXPECT_FALSE(bare.given());
  EXPECT_FALSE(bare.malformed());
  EXPECT_EQ(bare.unix_address(), nullptr);
  EXPECT_EQ(bare.vsock_address(), nullptr);
  EXPECT_FALSE(credential("/run/notify", "stream").malformed());
}

}  // namespace
}  // namespace notifyspec::model
