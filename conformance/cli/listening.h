// Where a recording listens: from what stands on the command line to sockets, and to the trace's word for
// them.
//
// Does not receive.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/recorder.h"

namespace notifyspec::cli {

/// Why the recording does not begin, or ends badly.
struct Failed {
  ExitCode code;
  std::string reason;
};

/// A receiver for each of `endpoints`, in their order; where one cannot be had, none is left behind.
std::expected<Recorder::Receivers, Failed> listen_on(const std::vector<std::string>& endpoints);

/// What the trace calls the transport of `endpoint`: AF_UNIX with connections stands in for vsock. REQUIRES:
/// one that listen_on() took.
std::string transport_of(const std::string& endpoint);

}  // namespace notifyspec::cli
