// Receivers that take one assignment for another: look-alikes of names and values.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <ranges>
#include <set>
#include <string>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"

namespace notifyspec::cli {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::string with_name(std::string_view line, std::string (*change)(std::string_view name)) {
  const auto name = name_in(line);
  if (!name) return std::string(line);
  return change(*name) + '=' + std::string(value_in(line));
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

/// `flag` set by a line that is not it.
template <bool (*is_like)(std::string_view line, std::string_view name)>
void take_look_alikes(std::string& data) {
  Lines lines = split_lines(data);
  for (std::string& line : lines)
    for (const std::string_view name : flag_fields())
      if (is_like(line, name)) line = std::string(name) + "=1";
  data = join_lines(lines);
}

std::string as_truth(std::string_view value) {
  const std::string word = upper(value);
  return word == "YES" || word == "TRUE" || word == "ON" || word == "Y" || word == "T" ? "1"
                                                                                       : std::string(value);
}

const std::array kBugs = {
    ReceiverBug{.name = "substring-match",
                .what = "It looks for READY=1 anywhere in the message.",
                .bytes =
                    [](std::string& data) {
                      if (data.find("READY=1") != std::string::npos) add_line(data, "READY=1");
                    }},
    ReceiverBug{.name = "prefix-match",
                .what = "It compares as many bytes as READY=1 has, so that READY=10 is taken.",
                .bytes = take_look_alikes<[](std::string_view line, std::string_view name) {
                  return line.starts_with(std::string(name) + "=1");
                }>},
    ReceiverBug{.name = "suffix-match",
                .what = "It compares the end of a line, so that NOT_READY=1 is taken.",
                .bytes = take_look_alikes<[](std::string_view line, std::string_view name) {
                  return line.ends_with(std::string(name) + "=1");
                }>},
    ReceiverBug{.name = "takes-any-value",
                .what = "It looks at the name of a flag and not at its value, so that READY=0 is taken.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, flag_fields(), [](std::string_view) { return std::string("1"); });
                    }},
    ReceiverBug{.name = "takes-any-value-of-restart-reset",
                .what = "It lets RESTART_RESET=0 reset the counter.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"RESTART_RESET"},
                                    [](std::string_view) { return std::string("1"); });
                    }},
    ReceiverBug{.name = "flag-by-truth",
                .what = "It takes yes, true and on for 1.",
                .bytes = [](std::string& data) { change_values(data, flag_fields(), as_truth); }},
    ReceiverBug{.name = "flag-as-number",
                .what = "It reads a flag as a number, so that READY=01 and READY=1x are taken.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, flag_fields(), [](std::string_view value) {
                        return std::string(std::atoi(std::string(value).c_str()) == 1 ? "1" : value);
                      });
                    }},
    ReceiverBug{.name = "flag-without-value",
                .what = "It takes a line READY, without a value, for READY=1.",
                .bytes = take_look_alikes<[](std::string_view line, std::string_view name) {
                  return line == name || line == std::string(name) + '=';
                }>},
    ReceiverBug{.name = "takes-quotes",
                .what = "It takes quotes around a value away.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) {
                        std::string value(value_in(line));
                        if (value.size() < 2 || value.front() != value.back() ||
                            (value[0] != '"' && value[0] != '\''))
                          return std::string(line);
                        return std::string(name_in(line).value_or("")) + '=' +
                               value.substr(1, value.size() - 2);
                      });
                    }},
    ReceiverBug{.name = "ignores-case",
                .what = "It compares names without regard to case.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) { return with_name(line, upper); });
                    }},
    ReceiverBug{.name = "strips-private-prefix",
                .what = "It takes X_READY for READY.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) {
                        return std::string(line.starts_with("X_") ? line.substr(2) : line);
                      });
                    }},
    ReceiverBug{.name = "trims-names",
                .what = "It takes blanks around a name away.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) { return with_name(line, trimmed); });
                    }},
    ReceiverBug{.name = "trims-values",
                .what = "It takes blanks around a value away.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) {
                        const auto name = name_in(line);
                        return name ? std::string(*name) + '=' + trimmed(value_in(line)) : std::string(line);
                      });
                    }},
    ReceiverBug{.name = "splits-at-last-equals",
                .what = "It ends a name at the last '=' of its line.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) {
                        return value_in(line).find('=') == std::string_view::npos ? std::string(line)
                                                                                  : std::string();
                      });
                    }},
    ReceiverBug{.name = "splits-at-each-equals",
                .what = "It splits a line at every '=', and takes the second piece for the value.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) {
                        const std::size_t second =
                            line.find('=', std::min(line.find('='), line.size() - 1) + 1);
                        return std::string(line.substr(0, second));
                      });
                    }},
    ReceiverBug{.name = "status-by-suffix",
                .what = "It takes every name that ends with STATUS for it.",
                .bytes =
                    [](std::string& data) {
                      change_lines(data, [](std::string_view line) {
                        return with_name(line, [](std::string_view name) {
                          return std::string(name.ends_with("STATUS") ? "STATUS" : name);
                        });
                      });
                    }},
};

}  // namespace

std::span<const ReceiverBug> matching_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
