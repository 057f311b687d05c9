#include "wire/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace notifyspec::wire {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, EveryCharacterIsAccepted) {
  for (const auto text :
       {""sv, "READY=1"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv,
        "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "a\xc3\xa4z"sv}) {
    EXPECT_TRUE(is_utf8(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8, IllFormedBytesAreRefused) {
  for (const auto text : {
           "\x80"sv,
           "\xbf"sv,
           "a\x80"sv,
           "\xff"sv,
           "\xfe"sv,  // no lead byte
           "\xc2"sv,
           "\xe0\xa0"sv,
           "\xf0\x90\x80"sv,  // cut short
           "\xc2 "sv,
           "\xe1\x80 "sv,
           "\xf1\x80\x80 "sv,
           "\xe1 \x80"sv,
           "\xc2\xc2"sv,  // tail missing
           "\xc0\x80"sv,
           "\xc1\xbf"sv,
           "\xe0\x9f\xbf"sv,
           "\xf0\x8f\xbf\xbf"sv,  // overlong
           "\xed\xa0\x80"sv,
           "\xed\xbf\xbf"sv,  // surrogates
           "\xf4\x90\x80\x80"sv,
           "\xf5\x80\x80\x80"sv,  // above U+10FFFF
       }) {
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace notifyspec::wire
