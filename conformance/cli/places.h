// The places that a sender vector's $NOTIFY_SOCKET can name: "${path}", "${abstract}" and those where nobody
// can be reached.
//
// Each set is made for one vector and is gone with the object. A number behind a colon, "${path:107}", is the
// length of the whole value in bytes. Does not receive.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "os/bound_socket.h"
#include "os/error.h"
#include "os/listening_socket.h"
#include "os/mailbox.h"

namespace notifyspec::cli {

class Places {
 public:
  /// Below `folder`, an absolute path of a folder that nobody else uses. `number` tells one set from another.
  Places(std::string folder, std::size_t number) : folder_(std::move(folder)), number_(number) {}
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places();

  /// `value` with real places in it, made now. An error says what is unknown, or refused.
  std::expected<std::string, std::string> lay(std::string_view value);

  /// Where somebody listens, if anywhere.
  const std::optional<os::Mailbox>& mailbox() const { return mailbox_; }

 private:
  std::expected<std::string, std::string> lay_one(std::string_view kind, std::optional<std::size_t> length);
  std::expected<std::string, std::string> listen(std::string name, bool abstract,
                                                 std::optional<std::size_t> length);
  std::expected<std::string, std::string> lay_unheard(std::string_view kind, const std::string& path);

  std::string folder_;
  std::size_t number_;
  std::optional<os::Mailbox> mailbox_;
  std::vector<os::BoundSocket> sockets_;
  std::vector<os::ListeningSocket> streams_;
  std::vector<std::string> files_;
};

}  // namespace notifyspec::cli
