#include "os/carried_fds.h"

#include <fcntl.h>

#include <array>
#include <span>

#include "os/message.h"

namespace notifyspec::os {

std::expected<CarriedFds, OsError> CarriedFds::open() {
  UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return std::unexpected(last_error("cannot open /dev/null"));
  return CarriedFds(std::move(null));
}

ssize_t CarriedFds::send(int socket, std::string_view data, std::size_t count) const {
  std::array<int, kMaxFds> fds;
  fds.fill(null_.get());
  return send_message(socket, nullptr, data, std::span(fds).first(count));
}

}  // namespace notifyspec::os
