// The caller: the guest's side of the exam, which puts a vsock device and the receiver behind it to the test.
//
// `caller CID PORT-SEQPACKET PORT-STREAM PORT-NOWHERE CASE...` does each case and tells the recorder what it
// met with, in one observation; the cases and what they say are those of fixtures/README.md, "The exam". CID
// 2 is the host, 1 this machine itself. For tests of its own it takes a folder in place of the CID: the ports
// are then AF_UNIX sockets in it. It always exits with 0 once it has been called rightly: what was met with
// is told, and judged elsewhere.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guest/peer.h"
#include "guest/telling.h"

namespace {

using namespace notifyspec;  // NOLINT: this file is the program

constexpr int kPatienceS = 10;      // where the peer's close is not the question
constexpr int kShortPatienceS = 2;  // and where it is

/// Who is called.
struct Parties {
  std::string_view host;  ///< CID, or a folder
  std::array<std::string_view, 3> ports;

  std::string_view seqpacket() const { return ports[0]; }
  std::string_view stream() const { return ports[1]; }
  std::string_view nowhere() const { return ports[2]; }
};

std::string errno_name(int code) {
  if (code == guest::kUnexpectedData) return "EPROTO";
  const char* const name = strerrorname_np(code);
  return name == nullptr ? std::to_string(code) : name;
}

/// What became of a case: nothing wrong, or the end of its sentence.
using Trouble = std::optional<std::string>;

Trouble failed(std::string_view what, int code) {
  if (code == 0) return std::nullopt;
  return "failed " + std::string(what) + ' ' + errno_name(code);
}

/// One call: a connection, from an ephemeral port, and what is said over it.
class Call {
 public:
  int connect(const Parties& parties, std::string_view port, int type) {
    const auto address = guest::peer_at(parties.host, port, type);
    return address ? guest::connect_to(*address, fd_) : EINVAL;
  }
  Trouble open(const Parties& parties, int type) {
    return failed("connect",
                  connect(parties, type == SOCK_STREAM ? parties.stream() : parties.seqpacket(), type));
  }
  Trouble say(std::string_view bytes) const { return failed("send", guest::send_all(fd_.get(), bytes)); }
  Trouble end() const { return failed("close", wait(kPatienceS)); }
  int wait(int patience_s) const { return guest::end_and_wait(fd_.get(), patience_s); }

 private:
  os::UniqueFd fd_;
};

std::string message(std::string_view name, std::string_view rest = "") {
  std::string text = "X_NOTIFYSPEC_CASE=" + std::string(name);
  return rest.empty() ? text : text + '\n' + std::string(rest);
}

std::string numbered(std::string_view name, int number) {
  return message(name, "X_NOTIFYSPEC_SEQUENCE=" + std::to_string(number));
}

/// A whole exchange, as systemd has it for each message.
Trouble exchange(const Parties& parties, int type, std::string_view text) {
  Call call;
  if (auto trouble = call.open(parties, type)) return trouble;
  if (auto trouble = call.say(text)) return trouble;
  return call.end();
}

std::string boundary(const Parties& parties, std::string_view name) {
  Call call;
  if (auto trouble = call.open(parties, SOCK_SEQPACKET)) return *trouble;
  constexpr std::array<std::size_t, 3> kLengths = {100, 4096, 65536};
  for (const std::size_t length : kLengths) {
    std::string text = message(name, "X_NOTIFYSPEC_LENGTH=" + std::to_string(length) + "\nX_NOTIFYSPEC_PAD=");
    text.resize(length, 'a');
    if (auto trouble = call.say(text)) return *trouble;
  }
  if (auto trouble = call.end()) return *trouble;
  return "sent " + std::to_string(kLengths.size());
}

std::string order(const Parties& parties, std::string_view name) {
  constexpr int kCalls = 16;
  const int type = name == "order" ? SOCK_SEQPACKET : SOCK_STREAM;
  for (int i = 0; i < kCalls; ++i) {
    if (auto trouble = exchange(parties, type, numbered(name, i))) return *trouble;
  }
  return "sent " + std::to_string(kCalls);
}

std::string each(const Parties& parties, std::string_view name) {
  std::array<Call, 8> calls;
  for (Call& call : calls) {
    if (auto trouble = call.open(parties, SOCK_SEQPACKET)) return *trouble;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (auto trouble = calls[i].say(numbered(name, static_cast<int>(i)))) return *trouble;
  }
  for (Call& call : calls) {
    if (auto trouble = call.end()) return *trouble;
  }
  return "sent " + std::to_string(calls.size());
}

std::string half_close(const Parties& parties, std::string_view name) {
  Call call;
  if (auto trouble = call.open(parties, name == "half-close" ? SOCK_SEQPACKET : SOCK_STREAM)) return *trouble;
  if (auto trouble = call.say(message(name))) return *trouble;
  switch (const int met = call.wait(kShortPatienceS)) {
    case 0:
      return "eof";
    case EAGAIN:
      return "timeout";
    case guest::kUnexpectedData:
      return "data";
    default:
      return errno_name(met);
  }
}

/// What a connect meets with; nothing is said.
std::string connected(const Parties& parties, std::string_view port, int type) {
  Call call;
  const int met = call.connect(parties, port, type);
  return met == 0 ? "connected" : errno_name(met);
}

std::string refused(const Parties& parties, std::string_view name) {
  return connected(parties, parties.nowhere(), name == "refused" ? SOCK_STREAM : SOCK_SEQPACKET);
}

std::string seqpacket_offer(const Parties& parties, std::string_view) {
  return connected(parties, parties.seqpacket(), SOCK_SEQPACKET);
}

std::string segments(const Parties& parties, std::string_view name) {
  Call call;
  if (auto trouble = call.open(parties, SOCK_STREAM)) return *trouble;
  const std::array<std::string, 3> parts = {message(name) + '\n', "X_NOTIFYSPEC_PART=1\n",
                                            "X_NOTIFYSPEC_PART=2\n"};
  for (const std::string& part : parts) {
    if (auto trouble = call.say(part)) return *trouble;
    // The pause is the case: what is written together might be carried together.
    constexpr timespec kPause = {.tv_sec = 0, .tv_nsec = 100'000'000};
    nanosleep(&kPause, nullptr);
  }
  if (auto trouble = call.end()) return *trouble;
  return "sent";
}

std::string stalled(const Parties& parties, std::string_view name) {
  Call staying, passing;
  if (auto trouble = staying.open(parties, SOCK_STREAM)) return *trouble;
  if (auto trouble = staying.say(message("stalled-peer") + '\n')) return *trouble;
  if (auto trouble = passing.open(parties, SOCK_STREAM)) return *trouble;
  if (auto trouble = passing.say(numbered(name, 0))) return *trouble;
  const int met = passing.wait(kShortPatienceS);
  (void)staying.wait(kPatienceS);
  if (met == 0) return "served";
  return met == EAGAIN ? "blocked" : failed("close", met).value_or("served");
}

std::string unprivileged(const Parties& parties, std::string_view name) {
  const std::string text = message(name, "READY=1");
  Call call;
  if (call.open(parties, SOCK_SEQPACKET)) return exchange(parties, SOCK_STREAM, text).value_or("sent");
  if (auto trouble = call.say(text)) return *trouble;
  return call.end().value_or("sent");
}

struct Case {
  std::string_view name;
  std::string (*run)(const Parties& parties, std::string_view name);
};

constexpr std::array<Case, 12> kCases = {{
    {"boundary", boundary},
    {"order", order},
    {"order-stream", order},
    {"each", each},
    {"half-close", half_close},
    {"half-close-stream", half_close},
    {"refused", refused},
    {"refused-seqpacket", refused},
    {"seqpacket-offer", seqpacket_offer},
    {"segments", segments},
    {"stalled", stalled},
    {"unprivileged", unprivileged},
}};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string_view> words(argv, argv + argc);
  constexpr std::size_t kFirstCase = 5;
  std::vector<const Case*> cases;
  for (std::size_t i = kFirstCase; i < words.size(); ++i) {
    const auto* const found = std::ranges::find(kCases, words[i], &Case::name);
    if (found != kCases.end()) cases.push_back(found);
  }
  if (cases.empty() || cases.size() != words.size() - kFirstCase) {
    std::fprintf(stderr, "Usage: caller CID PORT-SEQPACKET PORT-STREAM PORT-NOWHERE CASE...\nCases:");
    for (const Case& known : kCases) std::fprintf(stderr, " %s", known.name.data());
    std::fprintf(stderr, "\n");
    return 2;
  }
  const Parties parties = {.host = words[1], .ports = {words[2], words[3], words[4]}};
  for (const Case* const wanted : cases) {
    const std::string met = wanted->run(parties, wanted->name);
    guest::tell("exam", std::string(wanted->name) + ' ' + met, guest::now_usec());
  }
  return EXIT_SUCCESS;
}
