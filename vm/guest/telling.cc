#include "guest/telling.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "guest/peer.h"

namespace notifyspec::guest {
namespace {

constexpr const char* kControlFile = "/etc/notifyspec/control";
constexpr const char* kContainerControl = "/run/host/notifyspec/control";
constexpr int kPatienceS = 5;

/// Where to tell it. Plain reads: this runs before anything else does.
std::optional<PeerAddress> control_address() {
  const os::UniqueFd file(open(kControlFile, O_RDONLY | O_CLOEXEC));
  if (!file) return parse_peer(kContainerControl);
  std::array<char, 256> buffer;
  const ssize_t length = read(file.get(), buffer.data(), buffer.size());
  const std::string_view text(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return parse_peer(text.substr(0, text.find('\n')));
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    if (character == '\n') {
      result += "\\n";
    } else if (character == '\t') {
      result += "\\t";
    } else {
      if (character == '"' || character == '\\') result += '\\';
      result += character < ' ' || character > '~' ? '?' : character;
    }
  }
  return result + '"';
}

void tell(std::string_view subject, std::string_view value, std::int64_t at_usec) {
  const auto address = control_address();
  os::UniqueFd fd;
  if (!address || connect_to(*address, fd) != 0) return;
  const bool own_clock = address->type == SOCK_DGRAM;
  const std::int64_t time = own_clock ? at_usec : now_usec() - at_usec;
  const std::string line = R"({"kind":"observation","subject":)" + quoted(subject) + R"(,"value":)" +
                           quoted(value) + (own_clock ? R"(,"monotonic_usec":)" : R"(,"age_usec":)") +
                           std::to_string(time) + "}";
  if (send_all(fd.get(), line) == 0 && !own_clock) (void)end_and_wait(fd.get(), kPatienceS);
}

}  // namespace notifyspec::guest
