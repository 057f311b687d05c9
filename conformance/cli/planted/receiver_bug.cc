#include "cli/planted/receiver_bug.h"

#include <algorithm>
#include <cstdlib>

namespace notifyspec::cli {

pid_t Scene::main_pid() const {
  const auto role = model::find_role(concluded("main_pid"));
  return role ? static_cast<pid_t>(processes.pid_of(*role).value_or(0)) : 0;
}

model::Role Scene::role_of(const os::Letter& letter) const {
  const model::Process* const process = processes.find(letter.pid.value_or(0));
  return process == nullptr ? model::Role::kStranger : process->role;
}

std::string Scene::concluded(std::string_view member) const {
  for (auto& [name, value] : service.conclude())
    if (name == member) return value;
  return "";
}

model::Profile correct_receiver() {
  model::Profile profile = model::find_profile("systemd-262").value_or(model::Profile{});
  // The one point in which systemd 262 is not as the text has it.
  profile.answers.reset(static_cast<std::size_t>(model::Quirk::kRestartResetWhileRunning));
  return profile;
}

void die() {
  constexpr int kAsIfAborted = 134;
  std::_Exit(kAsIfAborted);
}

std::vector<const ReceiverBug*> receiver_bugs() {
  std::vector<const ReceiverBug*> all;
  for (const auto table : {framing_bugs(), matching_bugs(), field_bugs(), number_bugs(), text_bugs(),
                           lifecycle_bugs(), access_bugs(), fd_bugs(), store_bugs()})
    for (const ReceiverBug& bug : table) all.push_back(&bug);
  return all;
}

const ReceiverBug* find_receiver_bug(std::string_view name) {
  const auto all = receiver_bugs();
  const auto found = std::ranges::find(all, name, &ReceiverBug::name);
  return found == all.end() ? nullptr : *found;
}

}  // namespace notifyspec::cli
