// Receivers that find the wrong messages and lines: lengths, NULs, newlines, what is no assignment.
#include <algorithm>
#include <array>
#include <vector>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"
#include "field/field.h"

namespace notifyspec::cli {
namespace {

using model::Quirk;

template <std::size_t limit>
void cut(std::string& data) {
  data.resize(std::min(data.size(), limit));
}

template <char separator>
void split_at(std::string& data) {
  std::ranges::replace(data, separator, '\n');
}

template <bool (*is_bad)(std::string_view line)>
void die_of_line(std::string& data) {
  if (std::ranges::any_of(split_lines(data), is_bad)) die();
}

bool is_known(std::string_view name) {
  const auto* const field = field::find(name);
  return field != nullptr && field->direction != field::Direction::kUp;
}

bool is_unknown(std::string_view line) {
  const auto name = name_in(line);
  return name && !is_known(*name);
}

bool is_unknown_and_not_private(std::string_view line) {
  return is_unknown(line) && !line.starts_with("X_");
}

const std::array kBugs = {
    ReceiverBug{
        .name = "cuts-at-255", .what = "It reads into 256 bytes and takes what fits.", .bytes = cut<255>},
    ReceiverBug{
        .name = "cuts-at-1023", .what = "It reads into 1024 bytes and takes what fits.", .bytes = cut<1023>},
    ReceiverBug{.name = "cuts-at-4095",
                .what = "It reads into 4096 bytes, keeps the last for a NUL, and takes what fits.",
                .bytes = cut<4095>},
    ReceiverBug{.name = "cuts-at-4096",
                .what = "It reads into 4096 bytes and never sees that something did not fit.",
                .bytes = cut<4096>},
    ReceiverBug{.name = "no-size-limit",
                .what = "It takes messages of any length.",
                .answers = answer_with<Quirk::kSizeLimit, false>},
    ReceiverBug{.name = "drops-above-1024",
                .what = "It drops messages of more than 1024 bytes.",
                .bytes =
                    [](std::string& data) {
                      if (data.size() > 1024) data.clear();
                    }},
    ReceiverBug{.name = "drops-4096",
                .what = "It takes a message that fills its buffer for one that did not fit.",
                .bytes =
                    [](std::string& data) {
                      if (data.size() == 4096) data.clear();
                    }},
    ReceiverBug{.name = "stops-at-nul",
                .what = "It treats the message as a C string: all behind the first NUL is lost.",
                .bytes = [](std::string& data) { data = data.substr(0, data.find('\0')); }},
    ReceiverBug{.name = "keeps-nul",
                .what = "It treats a NUL as any other byte, and a trailing one becomes part of the value.",
                .answers = answer_with<Quirk::kNulRules, false>},
    ReceiverBug{.name = "nul-separates", .what = "It ends lines at NULs, too.", .bytes = split_at<'\0'>},
    ReceiverBug{.name = "refuses-final-nul",
                .what = "It drops a message for the NUL at its end.",
                .bytes =
                    [](std::string& data) {
                      if (data.ends_with('\0')) data.clear();
                    }},
    ReceiverBug{.name = "first-line-only",
                .what = "It reads the first line and no more.",
                .bytes = [](std::string& data) { data = data.substr(0, data.find('\n')); }},
    ReceiverBug{.name = "last-line-only",
                .what = "It reads the last line and no other.",
                .bytes =
                    [](std::string& data) {
                      if (data.ends_with('\n')) data.pop_back();
                      data = split_lines(data).back();
                    }},
    ReceiverBug{.name = "needs-final-newline",
                .what = "It takes a line only once it has seen its newline.",
                .bytes = [](std::string& data) { data.resize(data.rfind('\n') + 1); }},
    ReceiverBug{.name = "refuses-final-newline",
                .what = "It sees an empty line behind the final newline, and drops the message for it.",
                .bytes =
                    [](std::string& data) {
                      if (data.ends_with('\n')) data.clear();
                    }},
    ReceiverBug{.name = "stops-at-empty-line",
                .what = "It reads up to the first empty line.",
                .bytes = [](std::string& data) { data = data.substr(0, data.find("\n\n")); }},
    ReceiverBug{.name = "keeps-carriage-return",
                .what = "It ends lines at newlines alone, so that a carriage return is part of the value.",
                .answers = answer_with<Quirk::kCarriageReturn, false>},
    ReceiverBug{.name = "drops-carriage-return",
                .what = "It takes carriage returns out wherever they stand.",
                .bytes = [](std::string& data) { std::erase(data, '\r'); }},
    ReceiverBug{.name = "no-backslash-escape",
                .what = "It knows no backslash escape.",
                .answers = answer_with<Quirk::kEscape, false>},
    ReceiverBug{.name = "c-escapes",
                .what = "It makes a newline of a backslash and an n.",
                .bytes =
                    [](std::string& data) {
                      for (std::size_t at = 0; (at = data.find("\\n", at)) != std::string::npos; ++at)
                        data.replace(at, 2, "\n");
                    }},
    ReceiverBug{
        .name = "splits-at-semicolon", .what = "It ends lines at semicolons, too.", .bytes = split_at<';'>},
    ReceiverBug{.name = "splits-at-blank", .what = "It ends lines at blanks, too.", .bytes = split_at<' '>},
    ReceiverBug{
        .name = "splits-at-unicode-newline",
        .what = "It ends lines at all that Unicode ends lines at.",
        .bytes =
            [](std::string& data) {
              for (const std::string_view end : {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "\v", "\f"})
                for (std::size_t at = 0; (at = data.find(end, at)) != std::string::npos;)
                  data.replace(at, end.size(), "\n");
            }},
    ReceiverBug{.name = "dies-of-empty-datagram",
                .what = "It takes a datagram without bytes for the end of the connection, and ends.",
                .bytes =
                    [](std::string& data) {
                      if (data.empty()) die();
                    }},
    ReceiverBug{.name = "dies-without-equals",
                .what = "It dies of a line without '='.",
                .bytes = die_of_line<[](std::string_view line) { return !line.empty() && !name_in(line); }>},
    ReceiverBug{.name = "dies-of-empty-name",
                .what = "It dies of a line that begins with '='.",
                .bytes = die_of_line<[](std::string_view line) { return line.starts_with('='); }>},
    ReceiverBug{.name = "dies-of-empty-line",
                .what = "It dies of an empty line between others.",
                .bytes =
                    [](std::string& data) {
                      if (data.find("\n\n") != std::string::npos) die();
                    }},
    ReceiverBug{.name = "dies-of-unknown-name",
                .what = "It dies of a name that it does not know.",
                .bytes = die_of_line<is_unknown>},
    ReceiverBug{.name = "drops-for-unknown-name",
                .what = "It drops a message for a name that it does not know, unless that is private.",
                .bytes =
                    [](std::string& data) {
                      if (std::ranges::any_of(split_lines(data), is_unknown_and_not_private)) data.clear();
                    }},
    ReceiverBug{.name = "drops-for-private-name",
                .what = "It drops a message for a name that begins with X_.",
                .bytes =
                    [](std::string& data) {
                      if (data.starts_with("X_") || data.find("\nX_") != std::string::npos) data.clear();
                    }},
    ReceiverBug{.name = "dies-of-long-line",
                .what = "It copies each line into 2048 bytes.",
                .bytes = die_of_line<[](std::string_view line) { return line.size() >= 2048; }>},
    ReceiverBug{.name = "eight-lines",
                .what = "It has room for eight lines, and takes no more.",
                .bytes =
                    [](std::string& data) {
                      Lines lines = split_lines(data);
                      lines.resize(std::min<std::size_t>(lines.size(), 8));
                      data = join_lines(lines);
                    }},
    ReceiverBug{.name = "drops-after-many",
                .what = "It drops all messages of a service after the hundredth.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      constexpr std::size_t kPatience = 100;
                      if (scene.n_taken >= kPatience) letter.data.clear();
                    }},
};

}  // namespace

std::span<const ReceiverBug> framing_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
