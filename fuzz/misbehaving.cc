// A target that misbehaves as its input says, to see what a campaign makes of it: campaign_trouble_test.py
// builds it.
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

volatile bool on = true;
char* volatile lost = nullptr;

void leak() {
  lost = new char[32];
  lost = nullptr;
}

void hang() {
  while (on) continue;
}

/// Only where nobody has been before: MISBEHAVED names what tells.
void dawdle() {
  const int first = open(std::getenv("MISBEHAVED"), O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (first >= 0) hang();
}

/// An edge more than where it is not called: that of a branch that is not taken is one, too.
void reach() {
  lost = nullptr;
}

/// Reaches something else in each other process: MISBEHAVED has a byte of each.
void alternate() {
  static const int count = [] {
    const int file = open(std::getenv("MISBEHAVED"), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    return write(file, "x", 1) == 1 ? static_cast<int>(lseek(file, 0, SEEK_END)) : 0;
  }();
  if (count % 2 == 0) reach();
}

/// Ends the second process that is given it, and not the first, however often it is given it.
void end_second() {
  static const int first = open(std::getenv("MISBEHAVED"), O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (first < 0) __builtin_trap();
}

void fill_memory() {
  constexpr std::size_t kMuch = std::size_t{4} << 30;
  lost = new char[kMuch];
  delete[] lost;
}

/// Said so that no fuzzer learns the words from it; they are too long to be hit upon.
__attribute__((no_sanitize("coverage"))) bool is(std::string_view input, std::string_view word) {
  if (input.size() != word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (input[i] != word[i]) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (is(input, "misbehave: leak")) leak();
  if (is(input, "misbehave: hang")) hang();
  if (is(input, "misbehave: dawdle")) dawdle();
  if (is(input, "misbehave: alternate")) alternate();
  if (is(input, "misbehave: second")) end_second();
  if (is(input, "misbehave: memory")) fill_memory();
  if (is(input, "misbehave: crash")) __builtin_trap();
  return 0;
}
