#include "field/lenient_number.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

namespace notifyspec::field {
namespace {

struct Row {
  std::string_view text;
  std::optional<std::uint64_t> number;
};

TEST(LenientNumber, IsReadInEachForm) {
  const std::vector<Row> table = {
      {"0", 0},
      {"10", 10},
      {"010", 8},
      {"0x10", 16},
      {"0XfF", 255},
      {"0b101", 5},
      {"0B1", 1},
      {"0o17", 15},
      {"0O7", 7},
      {" 7", 7},
      {"\t\r\n7", 7},
      {"\v\f7", 7},
      {"+7", 7},
      {"-0", 0},
      {" -0", 0},
      {"0b 1", 1},
      {"0x0", 0},
      {"-7", {}},
      {"", {}},
      {" ", {}},
      {"+", {}},
      {"--0", {}},
      {"+-0", {}},
      {"- 0", {}},
      {"7 ", {}},
      {"0x", {}},
      {"0xg", {}},
      {"0b2", {}},
      {"0b", {}},
      {"0o8", {}},
      {"08", {}},
      {"0x-1", {}},
      {"7s", {}},
      {"1.0", {}},
      {"0b-1", {}},
      {"\v-1", 18446744073709551615U},
      {"18446744073709551615", 18446744073709551615U},
      {"18446744073709551616", {}},
      {"0xffffffffffffffff", 18446744073709551615U},
      {"0x10000000000000000", {}},
  };
  for (const Row& row : table)
    EXPECT_EQ(parse_lenient_unsigned(row.text), row.number) << '"' << row.text << '"';
}

TEST(LenientNumber, MayHaveASign) {
  EXPECT_EQ(parse_lenient_signed("-7"), -7);
  EXPECT_EQ(parse_lenient_signed(" +0x7"), 7);
  EXPECT_EQ(parse_lenient_signed("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(parse_lenient_signed("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_lenient_signed("x"), std::nullopt);
}

// The C library is the oracle for what has no prefix that it does not know.
TEST(LenientNumber, AgreesWithTheCLibrary) {
  constexpr std::string_view kAlphabet = "0179xXfg +-\t\v";
  std::string text;
  for (std::size_t a = 0; a < kAlphabet.size(); ++a)
    for (std::size_t b = 0; b < kAlphabet.size(); ++b)
      for (std::size_t c = 0; c < kAlphabet.size(); ++c)
        for (std::size_t d = 0; d < kAlphabet.size(); ++d) {
          text = {kAlphabet[a], kAlphabet[b], kAlphabet[c], kAlphabet[d]};
          char* end = nullptr;
          errno = 0;
          const long long number = std::strtoll(text.c_str(), &end, 0);
          const bool good = errno == 0 && end == text.c_str() + text.size();
          const auto read = parse_lenient_signed(text);
          ASSERT_EQ(read.has_value(), good) << '"' << text << '"';
          if (good) {
            ASSERT_EQ(*read, number) << '"' << text << '"';
          }
        }
}

}  // namespace
}  // namespace notifyspec::field
