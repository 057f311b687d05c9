#include "wire/base64.h"

#include <gtest/gtest.h>

#include <string>

namespace notifyspec::wire {
namespace {

using namespace std::string_view_literals;

struct Case {
  std::string_view bytes, text;
};

// RFC 4648, section 10, and bytes that use the whole alphabet.
constexpr Case kCases[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\0"sv, "AA=="},
    {"\xff\xff\xff", "////"},
    {"\xfb\xef\xbe", "++++"},
};

TEST(Base64, BytesAreWrittenAndReadBack) {
  for (const auto& [bytes, text] : kCases) {
    EXPECT_EQ(encode_base64(bytes), text);
    std::string seen = "left over";
    EXPECT_TRUE(decode_base64(text, seen)) << text;
    EXPECT_EQ(seen, bytes) << text;
  }
}

TEST(Base64, EveryByteComesBack) {
  std::string bytes, seen;
  for (int byte = 0; byte < 256; ++byte) {
    bytes.push_back(static_cast<char>(byte));
    EXPECT_TRUE(decode_base64(encode_base64(bytes), seen));
    EXPECT_EQ(seen, bytes);
  }
}

TEST(Base64, AnyOtherFormIsRefused) {
  std::string bytes;
  for (const auto text : {"Z"sv, "Zg"sv, "Zg="sv, "Zg==="sv, "===="sv, "="sv, "Z==="sv, "Zg==Zg=="sv,
                          "Zm9v\n"sv, "Zm 9"sv, "Zm-_"sv, "Zh=="sv, "Zm9="sv, "Zm9\0"sv, "Zm9\xff"sv}) {
    EXPECT_FALSE(decode_base64(text, bytes)) << text;
  }
}

}  // namespace
}  // namespace notifyspec::wire
