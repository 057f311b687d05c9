// Receivers that read texts wrongly: STATUS=, and the names of errors.
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

template <std::size_t limit>
std::string first_bytes(std::string_view value) {
  return std::string(value.substr(0, limit));
}

/// Each byte that is part of no UTF-8 becomes a question mark.
std::string mended(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= value.size() && !wire::is_utf8(value.substr(0, length))) ++length;
    const bool good = length <= 4 && length <= value.size();
    out += good ? value.substr(0, length) : "?";
    value.remove_prefix(good ? length : 1);
  }
  return out;
}

template <bool (*is_bad)(std::string_view value)>
void drop_status(std::string& data) {
  if (const auto status = value_of(data, "STATUS"); status && is_bad(*status)) drop_lines(data, "STATUS");
}

/// Wherever `bad` stands it is taken for a character, and shown as a question mark.
std::string with_mark_for(std::string_view value, bool (*is_bad)(std::string_view three)) {
  std::string out(value);
  for (std::size_t at = 0; at + 3 <= out.size(); ++at)
    if (is_bad(std::string_view(out).substr(at, 3))) out.replace(at, 3, "?");
  return out;
}

const std::array kBugs = {
    ReceiverBug{.name = "status-never-cleared",
                .what = "It ignores an empty STATUS=.",
                .bytes = drop_status<[](std::string_view value) { return value.empty(); }>},
    ReceiverBug{.name = "status-only-once",
                .what = "It keeps the first text of STATUS= for good.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (!scene.concluded("status").empty()) drop_lines(letter.data, "STATUS");
                    }},
    ReceiverBug{.name = "status-cleared-by-others",
                .what = "A message without STATUS= takes the text away.",
                .bytes =
                    [](std::string& data) {
                      if (!data.empty() && !value_of(data, "STATUS")) add_line(data, "STATUS=");
                    }},
    ReceiverBug{.name = "status-appended",
                .what = "It appends the text of STATUS= to the one before.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (const auto status = value_of(letter.data, "STATUS"); status && !status->empty()) {
                        const std::string both = "STATUS=" + scene.concluded("status") + std::string(*status);
                        drop_lines(letter.data, "STATUS");
                        add_line(letter.data, both);
                      }
                    }},
    ReceiverBug{.name = "status-of-255",
                .what = "It cuts the text of STATUS= at 255 bytes.",
                .bytes = [](std::string& data) { change_values(data, {"STATUS"}, first_bytes<255>); }},
    ReceiverBug{.name = "status-mended",
                .what = "It puts question marks in place of what is no UTF-8, and shows the rest.",
                .bytes = [](std::string& data) { change_values(data, {"STATUS"}, mended); }},
    ReceiverBug{.name = "status-until-bad-byte",
                .what = "It shows the text of STATUS= up to the first byte that is no UTF-8.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"STATUS"}, [](std::string_view value) {
                        while (!wire::is_utf8(value)) value.remove_suffix(1);
                        return std::string(value);
                      });
                    }},
    ReceiverBug{.name = "status-bad-kept-out",
                .what = "A STATUS= that is no UTF-8 leaves the earlier text where it is.",
                .answers = answer_with<Quirk::kInvalidStatusClears, false>},
    ReceiverBug{.name = "status-ascii-only",
                .what = "It ignores a STATUS= that is not ASCII.",
                .bytes = drop_status<[](std::string_view value) {
                  return std::ranges::any_of(value, [](char c) { return (c & 0x80) != 0; });
                }>},
    ReceiverBug{.name = "status-of-three-bytes",
                .what = "It knows no character of four bytes, and ignores a STATUS= with one.",
                .bytes = drop_status<[](std::string_view value) {
                  return std::ranges::any_of(value, [](char c) { return (c & 0xf8) == 0xf0; });
                }>},
    ReceiverBug{.name = "takes-surrogates",
                .what = "It takes surrogates, encoded as if they were characters, for UTF-8.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"STATUS"}, [](std::string_view value) {
                        return with_mark_for(value, [](std::string_view three) {
                          return three[0] == '\xed' && (three[1] & 0xe0) == 0xa0 && (three[2] & 0xc0) == 0x80;
                        });
                      });
                    }},
    ReceiverBug{.name = "takes-overlong",
                .what = "It takes overlong forms of three bytes for UTF-8.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"STATUS"}, [](std::string_view value) {
                        return with_mark_for(value, [](std::string_view three) {
                          return three[0] == '\xe0' && (three[1] & 0xe0) == 0x80 && (three[2] & 0xc0) == 0x80;
                        });
                      });
                    }},
    ReceiverBug{.name = "control-characters-refused",
                .what = "It ignores a STATUS= with control characters.",
                .bytes = drop_status<[](std::string_view value) {
                  return std::ranges::any_of(value,
                                             [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
                }>},
    ReceiverBug{.name = "takes-noncharacters",
                .what = "It takes noncharacters of Unicode for text.",
                .answers = answer_with<Quirk::kNoNoncharacters, false>},
    ReceiverBug{.name = "globs-in-error-names",
                .what = "It keeps an error name with an asterisk, a question mark or a bracket.",
                .answers = answer_with<Quirk::kNoGlobsInErrorNames, false>},
    ReceiverBug{.name = "no-bus-error",
                .what = "It ignores BUSERROR=.",
                .bytes = [](std::string& data) { drop_lines(data, "BUSERROR"); }},
    ReceiverBug{.name = "no-varlink-error",
                .what = "It ignores VARLINKERROR=.",
                .bytes = [](std::string& data) { drop_lines(data, "VARLINKERROR"); }},
    ReceiverBug{.name = "error-names-unchecked",
                .what = "It keeps an error name with any byte in it, and shows a low line for those that are "
                        "not printable.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"BUSERROR", "VARLINKERROR"}, [](std::string_view value) {
                        std::string out(value);
                        std::ranges::replace_if(
                            out, [](char c) { return c < ' ' || c > '~'; }, '_');
                        return out;
                      });
                    }},
    ReceiverBug{.name = "dies-of-empty-value",
                .what = "It dies of a line with nothing behind the '='.",
                .bytes =
                    [](std::string& data) {
                      for (const std::string& line : split_lines(data))
                        if (name_in(line) && value_in(line).empty()) die();
                    }},
    ReceiverBug{.name = "errors-never-cleared",
                .what = "It ignores an empty BUSERROR= or VARLINKERROR=.",
                .bytes =
                    [](std::string& data) {
                      for (const std::string_view name : {"BUSERROR", "VARLINKERROR"})
                        if (value_of(data, name) == "") drop_lines(data, name);
                    }},
    ReceiverBug{.name = "errors-are-one",
                .what = "It keeps BUSERROR= and VARLINKERROR= in one place.",
                .bytes =
                    [](std::string& data) {
                      const auto bus = value_of(data, "BUSERROR");
                      const auto varlink = value_of(data, "VARLINKERROR");
                      const std::string one(bus ? *bus : varlink.value_or(""));
                      if (bus && !varlink) add_line(data, "VARLINKERROR=" + one);
                      if (varlink && !bus) add_line(data, "BUSERROR=" + one);
                    }},
};

}  // namespace

std::span<const ReceiverBug> text_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
