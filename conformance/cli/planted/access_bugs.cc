// Receivers that listen to the wrong processes, or take the wrong one for the main process.
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"

namespace notifyspec::cli {
namespace {

using model::NotifyAccess;
using model::Quirk;
using model::Role;

constexpr std::string_view kMainPid = "MAINPID";
constexpr std::int64_t kNobody = 2147483647;  // no kernel gives a process this number

template <NotifyAccess from, NotifyAccess to>
void hear(Told told) {
  if (told.settings.notify_access == from) told.settings.notify_access = to;
}

void speak_as_main(os::Letter& letter, const Scene& scene) {
  letter.pid = scene.main_pid();
}

const std::array kBugs = {
    ReceiverBug{.name = "no-access-check",
                .what = "It takes messages of everybody.",
                .letter = [](os::Letter& letter, Scene& scene) { speak_as_main(letter, scene); }},
    ReceiverBug{.name = "access-none-ignored",
                .what = "It takes messages of the main process in spite of NotifyAccess=none.",
                .told = hear<NotifyAccess::kNone, NotifyAccess::kMain>},
    ReceiverBug{.name = "access-main-of-group",
                .what = "With NotifyAccess=main it takes messages of every process of the service.",
                .told = hear<NotifyAccess::kMain, NotifyAccess::kAll>},
    ReceiverBug{.name = "access-exec-of-group",
                .what = "With NotifyAccess=exec it takes messages of every process of the service.",
                .told = hear<NotifyAccess::kExec, NotifyAccess::kAll>},
    ReceiverBug{.name = "access-all-of-everybody",
                .what = "With NotifyAccess=all it takes messages of strangers, too.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (scene.concluded("notify_access") == "all") speak_as_main(letter, scene);
                    }},
    ReceiverBug{.name = "access-all-is-main",
                .what = "With NotifyAccess=all it takes messages of the main process alone.",
                .told = hear<NotifyAccess::kAll, NotifyAccess::kMain>},
    ReceiverBug{.name = "access-by-uid",
                .what = "It asks for the user id of the sender, and not for its process.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (letter.uid == ::getuid()) speak_as_main(letter, scene);
                    }},
    ReceiverBug{.name = "same-uid-only",
                .what = "It refuses processes of the service that run as another user.",
                .letter =
                    [](os::Letter& letter, Scene&) {
                      if (letter.uid != ::getuid()) letter.pid = 0;
                    }},
    ReceiverBug{.name = "first-credentials-for-all",
                .what = "It keeps the credentials of the first message for all that follow.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (!scene.first_sender) scene.first_sender = letter.pid;
                      letter.pid = scene.first_sender;
                    }},
    ReceiverBug{.name = "sender-by-its-own-word",
                .what = "It takes the pid in MAINPID= for that of the sender.",
                .letter =
                    [](os::Letter& letter, Scene&) {
                      if (const auto said = value_of(letter.data, kMainPid))
                        letter.pid = std::atoi(std::string(*said).c_str());
                    }},
    ReceiverBug{.name = "no-notify-access",
                .what = "It ignores NOTIFYACCESS=.",
                .bytes = [](std::string& data) { drop_lines(data, "NOTIFYACCESS"); }},
    ReceiverBug{.name = "bad-notify-access-kept-out",
                .what = "A NOTIFYACCESS= that is none leaves the earlier one in force.",
                .answers = answer_with<Quirk::kInvalidAccessResets, false>},
    ReceiverBug{.name = "notify-access-by-prefix",
                .what = "It takes every NOTIFYACCESS= that begins with a word that it knows.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"NOTIFYACCESS"}, [](std::string_view value) {
                        for (const std::string_view word : {"none", "main", "exec", "all"})
                          if (value.starts_with(word)) return std::string(word);
                        return std::string(value);
                      });
                    }},
    ReceiverBug{.name = "notify-access-of-any-case",
                .what = "It takes NOTIFYACCESS= in capitals.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {"NOTIFYACCESS"}, [](std::string_view value) {
                        std::string out(value);
                        for (char& c : out)
                          if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
                        return out;
                      });
                    }},
    ReceiverBug{.name = "no-main-pid",
                .what = "It ignores MAINPID=.",
                .bytes = [](std::string& data) { drop_lines(data, kMainPid); }},
    ReceiverBug{.name = "main-pid-of-main-only",
                .what = "It ignores a MAINPID= that another process than the main process sends.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (letter.pid != scene.main_pid()) drop_lines(letter.data, kMainPid);
                    }},
    ReceiverBug{.name = "sender-becomes-main",
                .what = "It takes who sends MAINPID= for the main process, whatever the number is.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (!value_of(letter.data, kMainPid) || scene.role_of(letter) == Role::kOtherUid)
                        return;
                      drop_lines(letter.data, kMainPid);
                      add_line(letter.data, "MAINPID=" + std::to_string(letter.pid.value_or(0)));
                    }},
    ReceiverBug{.name = "trusts-main-pid",
                .what = "It takes any process for the main process, whoever says so.",
                .letter = [](os::Letter& letter, Scene&) { letter.uid = 0; }},
    ReceiverBug{.name = "main-pid-of-strangers-refused",
                .what = "It refuses a main process outside the service even where root names it.",
                .letter = [](os::Letter& letter, Scene&) { letter.uid = 65534; }},
    ReceiverBug{
        .name = "takes-pid-1",
        .what = "It takes MAINPID=1, the manager itself, for the main process.",
        .told = [](Told told) { told.processes.add({.pid = 1, .role = Role::kStranger, .pidfd_id = {}}); }},
    ReceiverBug{.name = "no-main-pid-fd",
                .what = "It knows neither MAINPIDFD=1 nor MAINPIDFDID=.",
                .answers = answer_with<Quirk::kMainPidFd, false>},
    ReceiverBug{.name = "main-pid-fixed-by-stop",
                .what = "It takes no other main process once the service stops.",
                .answers = answer_with<Quirk::kMainPidWhileStopping, false>},
    ReceiverBug{
        .name = "main-pid-unchecked",
        .what = "It takes any MAINPID= for the main process, whether there is such a process or not.",
        .told =
            [](Told told) { told.processes.add({.pid = kNobody, .role = Role::kStranger, .pidfd_id = {}}); },
        .letter =
            [](os::Letter& letter, Scene& scene) {
              const auto said = value_of(letter.data, kMainPid);
              if (!said || scene.processes.find(std::atoll(std::string(*said).c_str())) != nullptr) return;
              drop_lines(letter.data, kMainPid);
              add_line(letter.data, "MAINPID=" + std::to_string(kNobody));
            }},
};

}  // namespace

std::span<const ReceiverBug> access_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
