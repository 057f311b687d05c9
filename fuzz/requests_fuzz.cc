// Invariants: what an adapter is asked is read as JSON Lines or refused with the number of the line; every
// request has its number and its word, and written again it is read as the same.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/requests.h"
#include "heap.h"
#include "invariant.h"

using namespace notifyspec;

namespace {

struct Read {
  std::vector<cli::Request> requests;
  std::string refusal;  ///< of what comes behind them; empty where all was read
};

/// What is read from a file that holds `text`.
Read read_all(std::string_view text) {
  const os::UniqueFd file(::memfd_create("requests", MFD_CLOEXEC));
  require(::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "the file is written");
  auto source = os::ByteSource::open("/proc/self/fd/" + std::to_string(file.get()));
  require(source.has_value(), "the file is opened");
  cli::Requests requests(std::move(*source));
  Read out;
  while (true) {
    auto request = requests.next();
    if (!request) {
      out.refusal = request.error();
      return out;
    }
    if (!*request) return out;
    out.requests.push_back(std::move(**request));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Heap heap;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Read read = read_all(text);
  std::string again;
  for (const cli::Request& request : read.requests) {
    require(request.members.is_object(), "a request is an object");
    again += request.members.dump(-1, ' ', false, cli::Json::error_handler_t::replace) + '\n';
  }
  if (!read.refusal.empty()) {
    const std::string place = "request " + std::to_string(read.requests.size() + 1) + ": ";
    require(read.refusal.starts_with(place), "a refusal says which line it is about");
  }
  const Read once_more = read_all(again);
  require(once_more.refusal.empty(), "what is printed is read");
  require(once_more.requests.size() == read.requests.size(), "and is as many");
  for (std::size_t i = 0; i < read.requests.size(); ++i) {
    require(once_more.requests[i].seq == read.requests[i].seq, "the number is the same");
    require(once_more.requests[i].what == read.requests[i].what, "the word is the same");
    require(once_more.requests[i].members == read.requests[i].members, "all else is the same");
  }
  return 0;
}
