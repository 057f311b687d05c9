#include "vsock/vhost_user_message.h"

#include <gtest/gtest.h>

#include <cstring>
#include <initializer_list>

namespace notifyspec::vsock {
namespace {

std::vector<std::byte> words(std::initializer_list<std::uint32_t> values) {
  std::vector<std::byte> bytes(values.size() * sizeof(std::uint32_t));
  std::memcpy(bytes.data(), std::data(values), bytes.size());
  return bytes;
}

std::expected<VhostHeader, std::string> header(std::uint32_t request, std::uint32_t flags,
                                               std::uint32_t size) {
  const auto bytes = words({request, flags, size});
  return parse_vhost_header(std::span<const std::byte, kVhostHeaderSize>(bytes));
}

std::expected<Body, std::string> body(Request request, std::span<const std::byte> bytes,
                                      std::size_t n_fds = 0) {
  return parse_vhost_body(static_cast<std::uint32_t>(request), bytes, n_fds);
}

TEST(VhostUserMessage, HasAHeader) {
  const auto good = header(1, 1 | kWantsReply, 8);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->size, 8U);
  EXPECT_FALSE(header(1, 0, 0)) << "no version";
  EXPECT_FALSE(header(1, 2, 0)) << "another version";
  EXPECT_FALSE(header(1, 1 | kIsReply, 0));
  EXPECT_FALSE(header(1, 1, kMostBody + 1));
  EXPECT_FALSE(header(1, 1, 0xffffffff));
}

TEST(VhostUserMessage, GivesRingsTheirPlace) {
  const auto address = body(Request::kSetVringAddr, words({1, 0, 0x10, 0, 0x20, 0, 0x30, 0, 0, 0}));
  ASSERT_TRUE(address);
  EXPECT_EQ(std::get<VringAddress>(*address).index, 1U);
  EXPECT_EQ(std::get<VringAddress>(*address).descriptors, 0x10U);
  EXPECT_EQ(std::get<VringAddress>(*address).used, 0x20U);
  EXPECT_EQ(std::get<VringAddress>(*address).available, 0x30U);
  const auto state = body(Request::kSetVringNum, words({1, 128}));
  ASSERT_TRUE(state);
  EXPECT_EQ(std::get<VringState>(*state).value, 128U);
}

TEST(VhostUserMessage, CountsFds) {
  EXPECT_TRUE(std::get<VringFd>(*body(Request::kSetVringKick, words({1, 0}), 1)).has_fd);
  EXPECT_FALSE(std::get<VringFd>(*body(Request::kSetVringCall, words({0x100, 0}), 0)).has_fd);
  EXPECT_FALSE(body(Request::kSetVringKick, words({1, 0}), 0));
  EXPECT_FALSE(body(Request::kSetVringKick, words({1, 0}), 2));
  EXPECT_FALSE(body(Request::kSetVringKick, words({0x101, 0}), 1));
  EXPECT_FALSE(body(Request::kGetFeatures, {}, 1)) << "fds where none belong";
}

TEST(VhostUserMessage, HoldsAMemoryTable) {
  auto table = words({1, 0, 0x1000, 0, 0x2000, 0, 0x3000, 0, 0x4000, 0});
  const auto one = body(Request::kSetMemTable, table, 1);
  ASSERT_TRUE(one);
  const TableRegion& region = std::get<MemoryTable>(*one).regions.at(0);
  EXPECT_EQ(region.guest_address, 0x1000U);
  EXPECT_EQ(region.size, 0x2000U);
  EXPECT_EQ(region.user_address, 0x3000U);
  EXPECT_EQ(region.offset, 0x4000U);
  EXPECT_FALSE(body(Request::kSetMemTable, table, 0)) << "no fd";
  EXPECT_FALSE(body(Request::kSetMemTable, table, 2)) << "an fd too many";
  table.resize(table.size() - 1);
  EXPECT_FALSE(body(Request::kSetMemTable, table, 1)) << "cut short";
  EXPECT_FALSE(body(Request::kSetMemTable, words({9, 0}), 9)) << "too many";
  EXPECT_FALSE(body(Request::kSetMemTable, words({0xffffffff, 0}), 0));
  EXPECT_FALSE(body(Request::kSetMemTable, words({1}), 1));
}

TEST(VhostUserMessage, AsksForARangeOfTheConfiguration) {
  EXPECT_EQ(std::get<ConfigRange>(*body(Request::kGetConfig, words({0, 8, 0, 0, 0}))).size, 8U);
  EXPECT_FALSE(body(Request::kGetConfig, words({0, 8, 0, 0})));
  EXPECT_FALSE(body(Request::kGetConfig, words({0, 0xffffffff, 0})));
  EXPECT_FALSE(body(Request::kGetConfig, words({0, 8})));
}

TEST(VhostUserMessage, IsRefusedWhereItIsUnknownOrOfAWrongSize) {
  for (const std::uint32_t request : {0U, 6U, 7U, 19U, 25U, 37U, 41U, 1000U, 0xffffffffU}) {
    EXPECT_FALSE(parse_vhost_body(request, {}, 0)) << request;
  }
  EXPECT_FALSE(body(Request::kGetFeatures, words({0})));
  EXPECT_FALSE(body(Request::kSetFeatures, words({0})));
  EXPECT_FALSE(body(Request::kSetVringAddr, words({0, 0})));
}

TEST(VhostUserMessage, IsAnsweredUnderItsNumber) {
  const auto reply = format_reply(1, words({0xaa, 0xbb}));
  EXPECT_EQ(reply, words({1, 1 | kIsReply, 8, 0xaa, 0xbb}));
}

}  // namespace
}  // namespace notifyspec::vsock
