// A service of the reference receiver: the model, a socket that feeds it, and the fds that it keeps.
//
// Fds that the model does not store are closed once their datagram has been taken, not before: a barrier
// waits for that. The socket is abstract, so that nothing is left behind however this program ends. Move-only
// by its pointer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>

#include "model/service.h"
#include "os/error.h"
#include "os/mailbox.h"
#include "os/unique_fd.h"

namespace notifyspec::cli {

class ServiceHost {
 public:
  /// `number` tells the services of this process from one another.
  static std::expected<std::unique_ptr<ServiceHost>, os::OsError> listen(
      const model::Profile& profile, const model::ServiceSettings& settings, model::Processes processes,
      std::size_t number);

  /// "unix:@name".
  const std::string& address() const { return address_; }
  /// Readable when something has come.
  int fd() const { return mailbox_.fd(); }

  /// Takes all that lies in the socket.
  std::expected<void, os::OsError> take_all();

  model::Service& service() { return service_; }

 private:
  ServiceHost(const model::Profile& profile, const model::ServiceSettings& settings,
              model::Processes processes, os::Mailbox mailbox, std::string address)
      : service_(profile, settings, std::move(processes)),
        mailbox_(std::move(mailbox)),
        address_(std::move(address)) {}
  void take(os::Letter letter);

  model::Service service_;
  os::Mailbox mailbox_;
  std::string address_;
  std::map<std::uint64_t, os::UniqueFd> stored_;  ///< by their number in the model
};

}  // namespace notifyspec::cli
