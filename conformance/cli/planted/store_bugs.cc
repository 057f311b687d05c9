// Receivers that go wrong about the fds that they should keep: which, how many, under which name, until when.
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "cli/planted/payload.h"
#include "cli/planted/receiver_bug.h"

namespace notifyspec::cli {
namespace {

using model::Quirk;

constexpr std::string_view kStore = "FDSTORE", kRemove = "FDSTOREREMOVE", kName = "FDNAME",
                           kBarrier = "BARRIER";
constexpr std::string_view kStoreLine = "FDSTORE=1", kRemoveLine = "FDSTOREREMOVE=1";

template <std::size_t limit>
void lose_fds(os::Letter& letter, Scene&) {
  if (letter.fds.size() > limit) letter.fds.resize(limit);
}

/// Everything is stored under one name, whatever the message calls it.
void store_as(std::string& data, std::string_view name) {
  drop_lines(data, kName);
  if (has_line(data, kStoreLine)) add_line(data, "FDNAME=" + std::string(name));
}

/// The names in the store.
std::vector<std::string> stored_names(const Scene& scene) {
  std::vector<std::string> names;
  for (const model::StoredFd& fd : scene.service.stored_fds())
    if (std::ranges::find(names, fd.name) == names.end()) names.push_back(fd.name);
  return names;
}

os::Letter removal(std::string_view name, const os::Letter& like) {
  os::Letter letter;
  letter.data = "FDSTOREREMOVE=1\nFDNAME=" + std::string(name);
  letter.pid = like.pid;
  letter.uid = like.uid;
  return letter;
}

/// Before a letter that says `line`, all fds go whose names `goes` says go.
void remove_before(std::vector<os::Letter>& letters, const Scene& scene, std::string_view line,
                   bool (*goes)(std::string_view stored, std::optional<std::string_view> said)) {
  std::vector<os::Letter> out;
  std::vector<std::string> names = stored_names(scene);
  for (os::Letter& letter : letters) {
    const auto said = value_of(letter.data, kName);
    if (has_line(letter.data, line))
      for (const std::string& name : names)
        if (goes(name, said)) out.push_back(removal(name, letter));
    if (has_line(letter.data, kStoreLine)) names.emplace_back(said.value_or("stored"));
    out.push_back(std::move(letter));
  }
  letters = std::move(out);
}

std::string without_bad_characters(std::string_view value) {
  std::string out(value.substr(0, 255));
  std::ranges::replace_if(
      out, [](char c) { return c < ' ' || c > '~' || c == ':'; }, '_');
  return out;
}

const std::array kBugs = {
    ReceiverBug{.name = "no-fdstore",
                .what = "It knows no FDSTORE=1.",
                .bytes = [](std::string& data) { drop_lines(data, kStore); }},
    ReceiverBug{.name = "stores-without-asking",
                .what = "It keeps all fds, whether FDSTORE=1 is there or not.",
                .letter =
                    [](os::Letter& letter, Scene&) {
                      if (!letter.fds.empty() && !value_of(letter.data, kBarrier))
                        add_line(letter.data, kStoreLine);
                    }},
    ReceiverBug{.name = "stores-without-limit",
                .what = "It passes over the limit of the store.",
                .told =
                    [](Told told) {
                      if (told.settings.fd_store_max > 0) told.settings.fd_store_max = 1U << 20U;
                    }},
    ReceiverBug{.name = "stores-one-too-many",
                .what = "It keeps one fd more than the limit of the store.",
                .told =
                    [](Told told) {
                      if (told.settings.fd_store_max > 0) ++told.settings.fd_store_max;
                    }},
    ReceiverBug{.name = "stores-where-none-may-be",
                .what = "It takes a limit of zero for none.",
                .told =
                    [](Told told) {
                      if (told.settings.fd_store_max == 0) told.settings.fd_store_max = 1U << 20U;
                    }},
    ReceiverBug{.name = "stores-one-a-message",
                .what = "It keeps the first fd of a message, and no further one.",
                .letter = lose_fds<1>},
    ReceiverBug{.name = "fd-names-ignored",
                .what = "It ignores FDNAME=.",
                .bytes = [](std::string& data) { drop_lines(data, kName); }},
    ReceiverBug{.name = "fds-nameless",
                .what = "It calls fds without FDNAME= unknown.",
                .bytes =
                    [](std::string& data) {
                      if (!value_of(data, kName)) store_as(data, "unknown");
                    }},
    ReceiverBug{.name = "fd-names-mended",
                .what = "It mends an FDNAME= that is none, in place of ignoring it.",
                .bytes = [](std::string& data) { change_values(data, {kName}, without_bad_characters); }},
    ReceiverBug{.name = "fd-names-of-64",
                .what = "It keeps 64 characters of an FDNAME=.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {kName},
                                    [](std::string_view name) { return std::string(name.substr(0, 64)); });
                    }},
    ReceiverBug{.name = "fd-names-of-254",
                .what = "It ignores an FDNAME= of 255 characters.",
                .bytes =
                    [](std::string& data) {
                      if (value_of(data, kName).value_or("").size() == 255) drop_lines(data, kName);
                    }},
    ReceiverBug{.name = "fd-names-not-empty",
                .what = "It ignores an empty FDNAME=.",
                .answers = answer_with<Quirk::kEmptyFdName, false>},
    ReceiverBug{.name = "fd-names-are-words",
                .what = "It ends an FDNAME= at the first blank.",
                .bytes =
                    [](std::string& data) {
                      change_values(data, {kName}, [](std::string_view name) {
                        return std::string(name.substr(0, name.find(' ')));
                      });
                    }},
    ReceiverBug{.name = "same-name-replaces",
                .what = "It lets go of earlier fds of the same name when new ones come.",
                .batch =
                    [](std::vector<os::Letter>& letters, Scene& scene) {
                      remove_before(letters, scene, kStoreLine,
                                    [](std::string_view stored, std::optional<std::string_view> said) {
                                      return stored == said.value_or("stored");
                                    });
                    }},
    ReceiverBug{.name = "no-fdstoreremove",
                .what = "It ignores FDSTOREREMOVE=1.",
                .bytes = [](std::string& data) { drop_lines(data, kRemove); }},
    ReceiverBug{.name = "removes-all",
                .what = "It lets go of the whole store for any FDSTOREREMOVE=1.",
                .batch =
                    [](std::vector<os::Letter>& letters, Scene& scene) {
                      remove_before(letters, scene, kRemoveLine,
                                    [](std::string_view, std::optional<std::string_view>) { return true; });
                    }},
    ReceiverBug{.name = "removes-all-without-name",
                .what = "It lets go of the whole store where FDSTOREREMOVE=1 has no name.",
                .batch =
                    [](std::vector<os::Letter>& letters, Scene& scene) {
                      remove_before(
                          letters, scene, kRemoveLine,
                          [](std::string_view, std::optional<std::string_view> said) { return !said; });
                    }},
    ReceiverBug{.name = "removes-by-prefix",
                .what = "It lets go of all fds whose names begin with that of FDSTOREREMOVE=1.",
                .batch =
                    [](std::vector<os::Letter>& letters, Scene& scene) {
                      remove_before(letters, scene, kRemoveLine,
                                    [](std::string_view stored, std::optional<std::string_view> said) {
                                      return said && stored.starts_with(*said);
                                    });
                    }},
    ReceiverBug{.name = "store-beats-remove",
                .what = "It stores where a message says FDSTORE=1 and FDSTOREREMOVE=1.",
                .bytes =
                    [](std::string& data) {
                      if (has_line(data, kStoreLine)) drop_lines(data, kRemove);
                    }},
    ReceiverBug{.name = "dies-of-store-without-fds",
                .what = "It looks at the first fd of a message with FDSTORE=1, and dies where there is none.",
                .letter =
                    [](os::Letter& letter, Scene&) {
                      if (letter.fds.empty() && has_line(letter.data, kStoreLine)) die();
                    }},
    ReceiverBug{.name = "dies-of-empty-store",
                .what = "It dies of a FDSTOREREMOVE=1 that finds nothing.",
                .letter =
                    [](os::Letter& letter, Scene& scene) {
                      if (has_line(letter.data, kRemoveLine) && scene.service.stored_fds().empty()) die();
                    }},
};

}  // namespace

std::span<const ReceiverBug> store_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
