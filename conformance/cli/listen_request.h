// What a receiver is told before it listens: the service, and the processes that will send.
//
// Strict: a member or word that is not known is refused by name, as something that this receiver does not do.
#pragma once

#include <expected>
#include <string>

#include "cli/requests.h"
#include "model/process.h"
#include "model/service.h"

namespace notifyspec::cli {

struct ListenRequest {
  model::ServiceSettings settings;
  model::Processes processes;
};

/// Reads the members `service` and `processes`. The error says what is not known.
std::expected<ListenRequest, std::string> parse_listen_request(const Json& members);

}  // namespace notifyspec::cli
