// A receiver with a bug: the reference receiver, but for one step of its work.
//
// The correct one that it is a variant of keeps to the documents, and where they are silent does what systemd
// 262 does: so it is as every vector has it. ServiceHost asks at the steps below; few bugs have two of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/planted/bug.h"
#include "model/profile.h"
#include "model/quirk.h"
#include "model/service.h"
#include "os/mailbox.h"
#include "os/unique_fd.h"

namespace notifyspec::cli {

/// What the receiver is told before it listens.
struct Told {
  model::ServiceSettings& settings;
  model::Processes& processes;
};

/// What a bug can see, and what it remembers of this service.
struct Scene {
  const model::Service& service;
  model::Processes processes;
  std::size_t n_taken = 0;  ///< letters before this one
  std::string remembered = {};
  std::optional<pid_t> first_sender = {};
  std::vector<os::Letter> held = {};
  std::vector<os::UniqueFd> kept_fds = {};

  /// Of the main process, as the receiver has it; 0 where there is none.
  pid_t main_pid() const;
  model::Role role_of(const os::Letter& letter) const;
  /// A member of what is concluded so far.
  std::string concluded(std::string_view member) const;
};

/// An fd that came with a letter and is not stored.
struct LeftoverFd {
  std::size_t place;  ///< among those of its letter, from 0
  std::string_view data;
  model::Fate fate;
};

struct ReceiverBug {
  std::string_view name;
  std::string_view what;

  void (*answers)(model::Profile&) = nullptr;                 ///< other answers to the questions of the model
  void (*told)(Told) = nullptr;                               ///< hears something else
  void (*bytes)(std::string& data) = nullptr;                 ///< reads another message; none: it is dropped
  void (*letter)(os::Letter& letter, Scene&) = nullptr;       ///< the same, with all that came along
  void (*batch)(std::vector<os::Letter>&, Scene&) = nullptr;  ///< takes all that waits together
  bool (*leaks)(const LeftoverFd&) = nullptr;                 ///< leaves it open
};

/// Another answer of the model.
template <model::Quirk quirk, bool yes>
void answer_with(model::Profile& profile) {
  profile.answers.set(static_cast<std::size_t>(quirk), yes);
}

/// The profile of the correct one.
model::Profile correct_receiver();

/// Ends the receiver, as bugs do.
[[noreturn]] void die();

std::span<const ReceiverBug> framing_bugs();
std::span<const ReceiverBug> matching_bugs();
std::span<const ReceiverBug> field_bugs();
std::span<const ReceiverBug> number_bugs();
std::span<const ReceiverBug> text_bugs();
std::span<const ReceiverBug> lifecycle_bugs();
std::span<const ReceiverBug> access_bugs();
std::span<const ReceiverBug> fd_bugs();
std::span<const ReceiverBug> store_bugs();

/// Of all tables.
std::vector<const ReceiverBug*> receiver_bugs();
/// The bug of that name, or nullptr.
const ReceiverBug* find_receiver_bug(std::string_view name);

}  // namespace notifyspec::cli
