// A socket with an address of its own, as every listener has: made, bound, and open to everybody.
//
// A socket file that nobody listens on is replaced, anything else that is in the way is an error. Does not
// listen and does not receive. Move-only; the socket's file goes away with it.
#pragma once

#include <expected>
#include <initializer_list>

#include "os/error.h"
#include "os/socket_file.h"
#include "os/unique_fd.h"
#include "wire/endpoint.h"

namespace notifyspec::os {

struct BoundSocket {
  SocketFile file;  ///< AF_UNIX with a path; mode 0666
  UniqueFd fd;      ///< not blocking
};

/// On AF_UNIX each of `unix_options` (SOL_SOCKET) is switched on before anything can come. A vsock endpoint
/// without a type is SEQPACKET: a sender falls back to it (sd_notify(3), AF_VSOCK). ENOENT where the
/// directory is missing.
std::expected<BoundSocket, OsError> bind_socket(const wire::Endpoint& endpoint,
                                                std::initializer_list<int> unix_options);

/// The type of socket that `endpoint` is bound with.
wire::SocketType type_of(const wire::Endpoint& endpoint);

}  // namespace notifyspec::os
