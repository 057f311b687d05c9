// The requests that come to an adapter or a listener, line by line, each a JSON object with a number of its
// own; and the answers, which carry the same number.
//
// Knows no request. What is no such object is an error that names the line: nobody could answer it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "os/byte_stream.h"

namespace notifyspec::cli {

using Json = nlohmann::ordered_json;

struct Request {
  std::int64_t seq = 0;
  std::string what;  ///< the member "do"
  Json members;      ///< all of it

  /// A member's text; nothing where it is absent or null. REQUIRES: else a string.
  std::optional<std::string> text(std::string_view name) const;
};

class Requests {
 public:
  explicit Requests(os::ByteSource source) : source_(std::move(source)) {}

  /// The next one, as soon as all of it is there; nothing at the end of the input.
  std::expected<std::optional<Request>, std::string> next();

  /// Reads once what is there; false at the end. For those who wait for something else besides.
  std::expected<bool, std::string> fill();
  /// The next one of what has been read.
  std::expected<std::optional<Request>, std::string> take();

 private:
  os::ByteSource source_;
  std::string buffer_;
  std::size_t n_lines_ = 0;
};

/// {"seq":N} and `members`, as one line on standard output.
std::expected<void, os::OsError> answer(const Request& request, const Json& members);

/// {"seq":N,"unsupported":REASON}.
std::expected<void, os::OsError> answer_unsupported(const Request& request, const std::string& reason);

}  // namespace notifyspec::cli
