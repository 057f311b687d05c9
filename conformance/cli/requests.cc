#include "cli/requests.h"

#include <fmt/format.h>

#include <array>

#include "wire/json_text.h"

namespace notifyspec::cli {
namespace {

std::expected<Request, std::string> parse(std::string_view line, std::size_t number) {
  const auto refuse = [&](std::string_view reason) {
    return std::unexpected(fmt::format("request {}: {}", number, reason));
  };
  Json members;
  try {
    members = Json::parse(line);
  } catch (const Json::parse_error& error) {
    return refuse(wire::describe_syntax_error(error.byte, error.what()));
  } catch (const Json::out_of_range&) {
    return refuse("a number is too large");
  }
  if (!members.is_object()) return refuse("not a JSON object");
  const auto seq = members.find("seq");
  if (seq == members.end() || !seq->is_number_integer()) return refuse("no integer \"seq\"");
  const auto what = members.find("do");
  if (what == members.end() || !what->is_string()) return refuse("no string \"do\"");
  Request request{.seq = seq->get<std::int64_t>(), .what = what->get<std::string>(), .members = {}};
  request.members = std::move(members);
  return request;
}

}  // namespace

std::optional<std::string> Request::text(std::string_view name) const {
  const auto found = members.find(name);
  if (found == members.end() || found->is_null()) return std::nullopt;
  return found->get<std::string>();
}

std::expected<std::optional<Request>, std::string> Requests::take() {
  const std::size_t end = buffer_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  auto request = parse(std::string_view(buffer_).substr(0, end), ++n_lines_);
  buffer_.erase(0, end + 1);
  if (!request) return std::unexpected(std::move(request.error()));
  return std::move(*request);
}

std::expected<bool, std::string> Requests::fill() {
  std::array<char, 65536> piece;
  const auto length = source_.read(piece);
  if (!length) return std::unexpected(length.error().reason);
  buffer_.append(piece.data(), *length);
  if (*length == 0 && !buffer_.empty())
    return std::unexpected(fmt::format("request {}: the line has no end", n_lines_ + 1));
  return *length > 0;
}

std::expected<std::optional<Request>, std::string> Requests::next() {
  while (true) {
    auto request = take();
    if (!request || *request) return request;
    const auto more = fill();
    if (!more) return std::unexpected(more.error());
    if (!*more) return std::nullopt;
  }
}

std::expected<void, os::OsError> answer(const Request& request, const Json& members) {
  Json line{{"seq", request.seq}};
  line.update(members);
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
  return os::ByteSink::standard_output().write(text + '\n');
}

std::expected<void, os::OsError> answer_unsupported(const Request& request, const std::string& reason) {
  return answer(request, {{"unsupported", reason}});
}

}  // namespace notifyspec::cli
