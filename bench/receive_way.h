// Ways to receive datagrams from a real AF_UNIX socket: this project's receiver, its floor (the same system
// calls into the same buffers, without a look at the bytes), the shapes that services have, and what each
// service of the kernel costs by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "os/null_fds.h"
#include "os/socket_address.h"
#include "os/unique_fd.h"
#include "wire/address.h"

namespace notifyspec::bench {

/// What a receiver has seen; of a way that does not look at the bytes, only `datagrams`.
struct Seen {
  std::uint64_t datagrams = 0;
  std::uint64_t lines = 0;
  std::uint64_t known = 0;  ///< lines of a field of the table

  friend bool operator==(const Seen&, const Seen&) = default;
};

/// What is in one datagram, by the plain stages.
Seen plainly(std::string_view bytes);

/// A bound socket, and who takes from it. Errors are std::runtime_error; to make one may be Unfit.
class ReceiveWay {
 public:
  virtual ~ReceiveWay() = default;
  /// Takes what waits, as much as its way takes at once.
  virtual void receive(Seen& seen) = 0;
};

struct ReceiveWayEntry {
  std::string_view name;
  std::string_view what;
  std::unique_ptr<ReceiveWay> (*make)(const wire::UnixAddress& address);
  std::size_t n_fds = 0;  ///< that each datagram must bring
  bool is_blind = false;  ///< it does not look at the bytes
};

/// All, each with a sentence for people.
const std::vector<ReceiveWayEntry>& receive_ways();
const ReceiveWayEntry* find_receive_way(std::string_view name);

/// An abstract address that nobody else has.
wire::UnixAddress fresh_address();

/// A socket that sends to an address, many times the same.
class Source {
 public:
  explicit Source(const wire::UnixAddress& to, std::size_t n_fds = 0);
  void send(std::string_view bytes, std::size_t count) const;

 private:
  os::UniqueFd socket_;
  os::NullFds fds_;
};

}  // namespace notifyspec::bench
