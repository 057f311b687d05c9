// A service of the reference receiver: the model, a socket that feeds it, and the fds that it keeps.
//
// Fds that the model does not store are closed once their datagram has been taken, not before: a barrier
// waits for that. The socket is abstract, so that nothing is left behind however this program ends. It can be
// told to have a bug, which it asks at a few places and does not know. Move-only by its pointer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>

#include "cli/planted/receiver_bug.h"
#include "model/service.h"
#include "os/error.h"
#include "os/mailbox.h"
#include "os/unique_fd.h"

namespace notifyspec::cli {

/// A receiver: how it answers the questions of the model, and what it does wrong.
struct Receiver {
  model::Profile profile;
  ReceiverBug bug = {};
};

class ServiceHost {
 public:
  /// `number` tells the services of this process from one another.
  static std::expected<std::unique_ptr<ServiceHost>, os::OsError> listen(
      const Receiver& receiver, const model::ServiceSettings& settings, model::Processes processes,
      std::size_t number);

  /// "unix:@name".
  const std::string& address() const { return address_; }
  /// Readable when something has come.
  int fd() const { return mailbox_.fd(); }
  /// Whether what comes is to be taken as it comes, and not only when somebody asks what came of it.
  bool is_eager() const { return bug_.batch == nullptr; }

  /// Takes all that lies in the socket.
  std::expected<void, os::OsError> take_all();

  model::Service& service() { return service_; }

 private:
  ServiceHost(const Receiver& receiver, const model::ServiceSettings& settings, model::Processes processes,
              os::Mailbox mailbox, std::string address)
      : bug_(receiver.bug),
        scene_{.service = service_, .processes = processes},
        service_(receiver.profile, settings, std::move(processes)),
        mailbox_(std::move(mailbox)),
        address_(std::move(address)) {}
  std::expected<void, os::OsError> take_batch();
  void take(os::Letter letter);
  bool is_stored(std::uint64_t serial) const;

  ReceiverBug bug_;
  Scene scene_;
  model::Service service_;
  os::Mailbox mailbox_;
  std::string address_;
  std::map<std::uint64_t, os::UniqueFd> stored_;  ///< by their number in the model
};

}  // namespace notifyspec::cli
