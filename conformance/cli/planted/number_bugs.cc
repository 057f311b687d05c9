// Receivers that read numbers wrongly.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"
#include "field/errno_name.h"
#include "wire/utf8.h"

namespace notifyspec::cli {
namespace {

using model::Quirk;

template <std::string (*change)(std::string_view value)>
void change_numbers(std::string& data) {
  change_values(data, number_fields(), change);
}

bool is_decimal(std::string_view value) {
  return !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string leading_digits(std::string_view value) {
  return std::string(value.substr(0, value.find_first_not_of("0123456789")));
}

std::optional<std::uint64_t> number(std::string_view value) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return out;
}

template <std::uint64_t modulus>
std::string modulo(std::string_view value) {
  const auto read = number(value);
  return read ? std::to_string(*read % modulus) : std::string(value);
}

const std::array kBugs = {
    ReceiverBug{.name = "reads-number-in-part",
                .what = "It reads the digits at the front of a number and passes over the rest: 10s is 10.",
                .bytes = change_numbers<[](std::string_view value) {
                  const std::string digits = leading_digits(value);
                  return digits.empty() ? std::string(value) : digits;
                }>},
    ReceiverBug{.name = "no-number-is-zero",
                .what = "It takes what is no number for 0.",
                .bytes = change_numbers<[](std::string_view value) {
                  return leading_digits(value).empty() ? std::string("0") : std::string(value);
                }>},
    ReceiverBug{.name = "numbers-of-32-bits",
                .what = "It keeps the lower 32 bits of a number.",
                .bytes = change_numbers<modulo<std::uint64_t{1} << 32>>},
    ReceiverBug{.name = "signed-numbers",
                .what = "It keeps numbers in 63 bits, and refuses greater ones.",
                .bytes = change_numbers<[](std::string_view value) {
                  const auto read = number(value);
                  const bool fits = !read || *read <= std::numeric_limits<std::int64_t>::max();
                  return std::string(fits ? value : "none");
                }>},
    ReceiverBug{.name = "numbers-saturate",
                .what = "It takes a number that is too great for the greatest.",
                .bytes = change_numbers<[](std::string_view value) {
                  return is_decimal(value) && !number(value) ? std::string("18446744073709551615")
                                                             : std::string(value);
                }>},
    ReceiverBug{.name = "numbers-wrap",
                .what = "It takes a negative number for a great one.",
                .bytes = change_numbers<[](std::string_view value) {
                  const auto read = value.starts_with('-') ? number(value.substr(1)) : std::nullopt;
                  return read ? std::to_string(0 - *read) : std::string(value);
                }>},
    ReceiverBug{.name = "numbers-lose-sign",
                .what = "It passes over the sign of a number.",
                .bytes = change_numbers<[](std::string_view value) {
                  return std::string(value.starts_with('-') ? value.substr(1) : value);
                }>},
    ReceiverBug{.name = "numbers-in-doubles",
                .what = "It keeps numbers as floating point, of 53 bits.",
                .bytes = change_numbers<[](std::string_view value) {
                  const auto read = number(value);
                  if (!read || *read >= std::numeric_limits<std::uint64_t>::max() - 1024)
                    return std::string(value);
                  return std::to_string(static_cast<std::uint64_t>(static_cast<double>(*read)));
                }>},
    ReceiverBug{.name = "strict-numbers",
                .what = "It refuses blanks, signs and prefixes of hexadecimal and octal.",
                .answers = answer_with<Quirk::kLenientNumbers, false>},
    ReceiverBug{.name = "knows-infinity",
                .what = "It takes the word infinity for a number.",
                .bytes = change_numbers<[](std::string_view value) {
                  return std::string(value == "infinity" ? "18446744073709551615" : value);
                }>},
    ReceiverBug{.name = "knows-units-of-time",
                .what = "It takes 10s and 5min for times.",
                .bytes = change_numbers<[](std::string_view value) {
                  const std::string digits = leading_digits(value);
                  const std::string_view unit = value.substr(digits.size());
                  const bool known =
                      !digits.empty() && (unit == "s" || unit == "ms" || unit == "us" || unit == "min");
                  return known ? digits + "000000" : std::string(value);
                }>},
    ReceiverBug{.name = "errno-of-a-byte",
                .what = "It keeps ERRNO= in one byte.",
                .bytes = [](std::string& data) { change_values(data, {"ERRNO"}, modulo<256>); }},
    ReceiverBug{.name = "errno-by-name-only",
                .what = "It takes names for ERRNO=, and no numbers.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"ERRNO"}, [](std::string_view value) {
                        return std::string(is_decimal(value) ? "none" : value);
                      });
                    }},
    ReceiverBug{.name = "errno-by-number-only",
                .what = "It takes numbers for ERRNO=, and no names.",
                .answers = answer_with<Quirk::kErrnoNames, false>},
    ReceiverBug{.name = "errno-unbounded",
                .what = "It takes an ERRNO= greater than any, and keeps the greatest.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"ERRNO"}, [](std::string_view value) {
                        const auto read = number(value);
                        return std::string(read && *read > 4095 ? "4095" : value);
                      });
                    }},
    ReceiverBug{.name = "errno-zero-ignored",
                .what = "It never takes an ERRNO= back.",
                .bytes =
                    [](std::string& data) {
                      if (value_of(data, "ERRNO") == "0") drop_lines(data, "ERRNO");
                    }},
    ReceiverBug{.name = "numbers-overflow",
                .what = "It keeps the lower 64 bits of a number.",
                .bytes = change_numbers<[](std::string_view value) {
                  if (!is_decimal(value)) return std::string(value);
                  std::uint64_t low = 0;
                  for (const char c : value) low = low * 10 + static_cast<std::uint64_t>(c - '0');
                  return std::to_string(low);
                }>},
    ReceiverBug{.name = "numbers-saturate-signed",
                .what = "It takes a number that is too great for the greatest of 63 bits.",
                .bytes = change_numbers<[](std::string_view value) {
                  constexpr std::uint64_t kGreatest = std::numeric_limits<std::int64_t>::max();
                  const auto read = number(value);
                  const bool fits = !is_decimal(value) || (read && *read <= kGreatest);
                  return fits ? std::string(value) : std::to_string(kGreatest);
                }>},
    ReceiverBug{.name = "reads-octal-in-part",
                .what = "It reads octal digits behind a leading 0, and passes over the rest: 0719 is 071.",
                .bytes = change_numbers<[](std::string_view value) {
                  if (!is_decimal(value) || value.front() != '0') return std::string(value);
                  return std::to_string(std::strtoull(std::string(value).c_str(), nullptr, 0));
                }>},
    ReceiverBug{.name = "bad-errno-is-some-errno",
                .what = "It takes an ERRNO= that it cannot read for EIO.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"ERRNO"}, [](std::string_view value) {
                        const auto read = number(value);
                        const bool good = (read && *read <= 4095) || field::errno_of(value);
                        return std::string(good ? value : "5");
                      });
                    }},
};

}  // namespace

std::span<const ReceiverBug> number_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
