// Senders that send other bytes than they were given, or send them otherwise divided.
#include <algorithm>
#include <array>
#include <string>

#include "cli/planted/payload.h"
#include "cli/planted/sender_bug.h"
#include "os/clock.h"
#include "wire/utf8.h"

namespace notifyspec::cli {
namespace {

using Returned = SenderCalls::Returned;

template <std::size_t limit>
void cut(std::string& state) {
  state.resize(std::min(state.size(), limit));
}

/// Characters of two bytes become one byte, others a question mark.
void as_latin1(std::string& state) {
  if (!wire::is_utf8(state)) return;
  std::string out;
  for (std::size_t at = 0; at < state.size(); ++at) {
    const auto byte = static_cast<unsigned char>(state[at]);
    if (byte < 0x80) {
      out += state[at];
    } else if (byte == 0xc2 || byte == 0xc3) {
      out += static_cast<char>((byte & 0x03) << 6 | (state[++at] & 0x3f));
    } else if (byte >= 0xc4) {
      out += '?';
    }
  }
  state = out;
}

Returned in_pieces(const NotifyCall& call, int child, const std::vector<std::string>& pieces) {
  Returned last = 1;
  NotifyCall one = call;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    one.state = pieces[i];
    one.unset_environment = call.unset_environment && i + 1 == pieces.size();
    last = ReferenceCalls::notify(one, child);
    one.fds = 0;
  }
  return last;
}

Returned send_reloading(const ReloadingCall& call, const std::string& state) {
  NotifyCall notify;
  notify.state = state;
  notify.unset_environment = call.unset_environment;
  return ReferenceCalls::notify(notify, 0);
}

const std::array kBugs = {
    SenderBug{.name = "appends-newline",
              .what = "It appends a newline where there is one already.",
              .state =
                  [](std::string& state) {
                    if (state.ends_with('\n')) state += '\n';
                  }},
    SenderBug{.name = "always-appends-newline",
              .what = "It appends a newline to every message.",
              .state = [](std::string& state) { state += '\n'; }},
    SenderBug{.name = "appends-nul",
              .what = "It sends the NUL behind the string, too.",
              .state = [](std::string& state) { state += '\0'; }},
    SenderBug{.name = "appends-junk",
              .what = "It sends one byte more than the string has.",
              .state = [](std::string& state) { state += '\x7f'; }},
    SenderBug{.name = "forgets-last-byte",
              .what = "It sends one byte less than the string has.",
              .state =
                  [](std::string& state) {
                    if (!state.empty()) state.pop_back();
                  }},
    SenderBug{.name = "trims-state",
              .what = "It takes blanks and newlines at the end away.",
              .state = [](std::string& state) { state.resize(state.find_last_not_of(" \t\n") + 1); }},
    SenderBug{.name = "trims-front",
              .what = "It takes blanks and newlines at the front away.",
              .state = [](std::string& state) { state.erase(0, state.find_first_not_of(" \t\n")); }},
    SenderBug{.name = "crlf",
              .what = "It ends lines with a carriage return and a newline.",
              .state =
                  [](std::string& state) {
                    for (std::size_t at = 0; (at = state.find('\n', at)) != std::string::npos; at += 2)
                      state.insert(at, 1, '\r');
                  }},
    SenderBug{.name = "drops-carriage-return",
              .what = "It takes carriage returns out.",
              .state = [](std::string& state) { std::erase(state, '\r'); }},
    SenderBug{.name = "drops-control-characters",
              .what = "It takes control characters out.",
              .state =
                  [](std::string& state) {
                    std::erase_if(state,
                                  [](char c) { return (c >= 0 && c < ' ' && c != '\n') || c == '\x7f'; });
                  }},
    SenderBug{.name = "drops-empty-lines",
              .what = "It takes empty lines out.",
              .state =
                  [](std::string& state) {
                    for (std::size_t at = 0; (at = state.find("\n\n")) != std::string::npos;)
                      state.erase(at, 1);
                  }},
    SenderBug{.name = "first-line-only",
              .what = "It sends the first line, and no more.",
              .state = [](std::string& state) { state = state.substr(0, state.find('\n')); }},
    SenderBug{.name = "cuts-at-4095", .what = "It sends 4095 bytes at most.", .state = cut<4095>},
    SenderBug{.name = "cuts-at-4096", .what = "It sends 4096 bytes at most.", .state = cut<4096>},
    SenderBug{.name = "cuts-at-1024", .what = "It sends 1024 bytes at most.", .state = cut<1024>},
    SenderBug{.name = "as-format",
              .what = "It takes the state for a format, and %% becomes %.",
              .state =
                  [](std::string& state) {
                    for (std::size_t at = 0; (at = state.find('%', at)) != std::string::npos; ++at)
                      state.erase(at, 1);
                  }},
    SenderBug{.name = "escapes",
              .what = "It doubles backslashes and escapes quotes.",
              .state =
                  [](std::string& state) {
                    for (std::size_t at = 0; (at = state.find_first_of("\\\"", at)) != std::string::npos;
                         at += 2)
                      state.insert(at, 1, '\\');
                  }},
    SenderBug{.name = "latin-1", .what = "It sends Latin-1 in place of UTF-8.", .state = as_latin1},
    SenderBug{.name = "ascii-only",
              .what = "It sends a question mark in place of every byte that is not ASCII.",
              .state =
                  [](std::string& state) {
                    std::ranges::replace_if(
                        state, [](char c) { return (c & 0x80) != 0; }, '?');
                  }},
    SenderBug{.name = "mends-utf8",
              .what = "It sends a question mark in place of every byte of what is no UTF-8.",
              .state =
                  [](std::string& state) {
                    if (wire::is_utf8(state)) return;
                    std::ranges::replace_if(
                        state, [](char c) { return (c & 0x80) != 0; }, '?');
                  }},
    SenderBug{.name = "byte-order-mark",
              .what = "It puts a byte order mark before text that is not ASCII.",
              .state =
                  [](std::string& state) {
                    const bool ascii = std::ranges::none_of(state, [](char c) { return (c & 0x80) != 0; });
                    if (!ascii) state.insert(0, "\xef\xbb\xbf");
                  }},
    SenderBug{.name = "capital-names",
              .what = "It sends names in capitals.",
              .state =
                  [](std::string& state) {
                    change_lines(state, [](std::string_view line) {
                      std::string out(line);
                      for (char& c : out) {
                        if (c == '=') break;
                        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
                      }
                      return out;
                    });
                  }},
    SenderBug{.name = "line-by-line",
              .what = "It sends each line in a datagram of its own.",
              .notify = [](const NotifyCall& call,
                           int child) { return in_pieces(call, child, split_lines(call.state)); }},
    SenderBug{.name = "splits-long",
              .what = "It sends what is longer than 2048 bytes in several datagrams.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    constexpr std::size_t kPiece = 2048;
                    std::vector<std::string> pieces = {call.state.substr(0, kPiece)};
                    for (std::size_t at = kPiece; at < call.state.size(); at += kPiece)
                      pieces.push_back(call.state.substr(at, kPiece));
                    return in_pieces(call, child, pieces);
                  }},
    SenderBug{.name = "sends-twice",
              .what = "It sends every message twice.",
              .notify =
                  [](const NotifyCall& call, int child) {
                    return in_pieces(call, child, {call.state, call.state});
                  }},
    SenderBug{
        .name = "empty-not-sent",
        .what = "It takes an empty message for sent, and sends none.",
        .notify =
            [](const NotifyCall& call, int child) {
              return call.state.empty() ? Returned(1) : ReferenceCalls::notify(call, child);
            }},
    SenderBug{.name = "adds-pid",
              .what = "It adds its pid as MAINPID= to READY=1.",
              .state =
                  [](std::string& state) {
                    if (state == "READY=1") add_line(state, "MAINPID=1");
                  }},
    SenderBug{.name = "reload-without-time",
              .what = "It forgets MONOTONIC_USEC=.",
              .reloading = [](const ReloadingCall& call) { return send_reloading(call, "RELOADING=1"); }},
    SenderBug{.name = "reload-in-seconds",
              .what = "It sends MONOTONIC_USEC= with a fraction.",
              .reloading =
                  [](const ReloadingCall& call) {
                    const std::string usec = std::to_string(os::monotonic_usec());
                    return send_reloading(call, "RELOADING=1\nMONOTONIC_USEC=" + usec + ".0");
                  }},
    SenderBug{.name = "reload-in-two",
              .what = "It sends MONOTONIC_USEC= in a message of its own.",
              .reloading =
                  [](const ReloadingCall& call) {
                    static_cast<void>(send_reloading({}, "RELOADING=1"));
                    return send_reloading(call, "MONOTONIC_USEC=" + std::to_string(os::monotonic_usec()));
                  }},
};

}  // namespace

std::span<const SenderBug> message_bugs() {
  return kBugs;
}

}  // namespace notifyspec::cli
