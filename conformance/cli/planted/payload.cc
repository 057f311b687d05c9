#include "cli/planted/payload.h"

#include <algorithm>

namespace notifyspec::cli {

Lines split_lines(std::string_view payload) {
  Lines lines;
  while (true) {
    const std::size_t end = payload.find('\n');
    lines.emplace_back(payload.substr(0, end));
    if (end == std::string_view::npos) return lines;
    payload.remove_prefix(end + 1);
  }
}

std::string join_lines(const Lines& lines) {
  std::string payload;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) payload += '\n';
    payload += lines[i];
  }
  return payload;
}

std::optional<std::string_view> name_in(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  return line.substr(0, equals);
}

std::string_view value_in(std::string_view line) {
  const std::size_t equals = line.find('=');
  return equals == std::string_view::npos ? std::string_view() : line.substr(equals + 1);
}

std::optional<std::string_view> value_of(std::string_view payload, std::string_view name) {
  while (!payload.empty()) {
    const std::size_t end = std::min(payload.find('\n'), payload.size());
    const std::string_view line = payload.substr(0, end);
    if (name_in(line) == name) return value_in(line);
    payload.remove_prefix(std::min(end + 1, payload.size()));
  }
  return std::nullopt;
}

void change_lines(std::string& payload, std::string (*change)(std::string_view line)) {
  Lines lines = split_lines(payload);
  for (std::string& line : lines) line = change(line);
  payload = join_lines(lines);
}

void change_values(std::string& payload, const std::vector<std::string_view>& names,
                   std::string (*change)(std::string_view value)) {
  Lines lines = split_lines(payload);
  for (std::string& line : lines) {
    const auto name = name_in(line);
    if (!name || std::ranges::find(names, *name) == names.end()) continue;
    line = std::string(*name) + '=' + change(value_in(line));
  }
  payload = join_lines(lines);
}

void drop_lines(std::string& payload, std::string_view name) {
  Lines lines = split_lines(payload);
  std::erase_if(lines, [name](const std::string& line) { return name_in(line) == name; });
  payload = join_lines(lines);
}

void add_line(std::string& payload, std::string_view line) {
  if (!payload.empty() && !payload.ends_with('\n')) payload += '\n';
  payload += line;
}

bool has_line(std::string_view payload, std::string_view line) {
  const Lines lines = split_lines(payload);
  return std::ranges::find(lines, line) != lines.end();
}

const std::vector<std::string_view>& number_fields() {
  static const std::vector<std::string_view> names = {"MAINPID", "ERRNO", "WATCHDOG_USEC",
                                                      "EXTEND_TIMEOUT_USEC", "MONOTONIC_USEC"};
  return names;
}

const std::vector<std::string_view>& flag_fields() {
  static const std::vector<std::string_view> names = {"READY",   "RELOADING",     "STOPPING",
                                                      "FDSTORE", "FDSTOREREMOVE", "BARRIER"};
  return names;
}

}  // namespace notifyspec::cli
