// The vector: steps to put before an implementation, and the set of conclusions that it may come to.
//
// fixtures/vectors/<role>/<area>/<name>.json; this reads that format (fixtures/README.md, "Vectors"), and
// refuses, by the name of the member, whatever breaks it. Does not play the steps and does not judge.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "verdict/conclusion.h"
#include "verdict/requirement.h"

namespace notifyspec::verdict {

/// The roles that vectors are for.
inline constexpr std::array<std::string_view, 2> kVectorRoles = {"receiver", "sender"};

/// A message for a receiver.
struct Datagram {
  std::string data;
  std::size_t n_fds = 0;             ///< write ends of pipes
  std::string credentials = "main";  ///< who sends: main, child, stranger, other-uid
  std::size_t repeat = 1;
  bool barrier = false;     ///< the closing of its fd is awaited before the next step
  bool substitute = false;  ///< ${main.pid}, ${now} and their like in `data` are replaced
};

/// What is done to a receiver besides.
struct Action {
  std::string name;  ///< reload
};

/// A call of a sender.
struct Call {
  std::string name;  ///< notify, barrier, reloading
  std::string state;
  std::size_t n_fds = 0;
  bool unset_environment = false;
  bool for_child = false;                     ///< in the name of another process
  std::optional<std::uint64_t> timeout_usec;  ///< of a barrier; nothing: none
};

using Step = std::variant<Datagram, Action, Call>;

/// What a receiver was told of the service.
struct Service {
  std::string type = "notify";
  std::string notify_access = "main";
  std::uint64_t fd_store_max = 0;
  std::uint64_t watchdog_usec = 0;
};

struct Vector {
  std::string id;
  std::string role;  ///< receiver, sender
  std::vector<std::string> requirements;
  Level level = Level::kMust;
  std::string note;
  std::optional<std::string> stays;
  std::optional<int> since;
  std::optional<std::string> unobserved;
  std::vector<Step> steps;
  Service service;                         ///< receiver
  std::optional<std::string> environment;  ///< sender: $NOTIFY_SOCKET; nothing: unset
  std::string listener = "closes-fds";     ///< sender: what becomes of its fds; or holds-fds
  std::vector<Conclusion> expect;
  /// By version: what PID 1 was seen to conclude, of which only members that differ from their default.
  std::map<int, Conclusion> systemd;
  std::map<int, Conclusion>
      user_manager;  ///< the same of a user manager, where it is not what PID 1 concluded

  /// What a member of a conclusion is where it is not named.
  Conclusion defaults() const;
};

/// What is wrong with a vector: "member: reason".
struct VectorError {
  std::string reason;
};

/// Reads one. `id` is its path without .json; `requirements` are those that it may name.
std::expected<Vector, VectorError> parse_vector(std::string_view id, std::string_view json,
                                                std::span<const Requirement> requirements);

}  // namespace notifyspec::verdict
