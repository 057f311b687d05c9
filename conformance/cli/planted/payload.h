// A payload in the hands of a bug: its lines, names and values, to be changed where the bug wants it.
//
// As simple as what people write: lines end at newlines and nowhere else, a name ends at the first '='. What
// a bug does not change comes out as it went in, the final newline included.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace notifyspec::cli {

/// Joined by newlines they are the payload again.
using Lines = std::vector<std::string>;

Lines split_lines(std::string_view payload);
std::string join_lines(const Lines& lines);

/// What stands before the first '=', or nothing.
std::optional<std::string_view> name_in(std::string_view line);
/// What stands behind it.
std::string_view value_in(std::string_view line);
/// The value of the first line with that name.
std::optional<std::string_view> value_of(std::string_view payload, std::string_view name);

/// `change` makes of each line another; a line that becomes empty is passed over by every receiver.
void change_lines(std::string& payload, std::string (*change)(std::string_view line));
/// `change` makes of the value of each line with one of these names another.
void change_values(std::string& payload, const std::vector<std::string_view>& names,
                   std::string (*change)(std::string_view value));
/// Takes out the lines with that name.
void drop_lines(std::string& payload, std::string_view name);
/// Puts a line behind the others.
void add_line(std::string& payload, std::string_view line);

bool has_line(std::string_view payload, std::string_view line);

/// The fields whose values are numbers.
const std::vector<std::string_view>& number_fields();
/// The fields of which only "1" is defined.
const std::vector<std::string_view>& flag_fields();

}  // namespace notifyspec::cli
