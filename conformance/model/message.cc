#include "model/message.h"

#include "model/received_value.h"

namespace notifyspec::model {
namespace {

constexpr std::array<std::string_view, kKeyCount> kNames = {
    "READY",         "RELOADING", "STOPPING",      "MONOTONIC_USEC", "STATUS",
    "NOTIFYACCESS",  "ERRNO",     "BUSERROR",      "VARLINKERROR",   "MAINPID",
    "MAINPIDFDID",   "MAINPIDFD", "WATCHDOG",      "WATCHDOG_USEC",  "EXTEND_TIMEOUT_USEC",
    "RESTART_RESET", "FDSTORE",   "FDSTOREREMOVE", "FDNAME",         "BARRIER"};

/// By place in the table of fields: the key, or nothing where a service manager does not interpret the field.
class KeyTable {
 public:
  KeyTable() {
    for (std::size_t key = 0; key < kKeyCount; ++key) {
      keys_[place(field::find(kNames[key]))] = static_cast<Key>(key);
    }
  }
  std::optional<Key> at(const field::Field* field) const { return keys_[place(field)]; }

 private:
  static constexpr std::size_t kRoom = 64;
  static std::size_t place(const field::Field* field) {
    return static_cast<std::size_t>(field - field::fields().data());
  }

  std::array<std::optional<Key>, kRoom> keys_;
};

bool is_flag(field::ValueType type) {
  return type == field::ValueType::kFlag;
}

}  // namespace

std::string_view name(Key key) {
  return kNames[static_cast<std::size_t>(key)];
}

void Message::read(LineReader& lines, const Profile& profile) {
  static const KeyTable kTable;
  for (Slot& slot : slots_) slot.state = State::kAbsent;
  line_count_ = 0;
  last_lifecycle_.reset();
  wire::Assignment line;
  while (lines.next(line)) {
    ++line_count_;
    if (!line.assigned) continue;
    const field::Field* const field = field::find(line.name);
    if (field == nullptr) continue;
    if (const auto key = kTable.at(field)) take(*key, field->type, line.value, profile);
  }
}

void Message::take(Key key, field::ValueType type, std::string_view text, const Profile& profile) {
  Slot& slot = slots_[static_cast<std::size_t>(key)];
  const bool settled =
      slot.state == State::kGood ||
      (slot.state == State::kInvalid && profile.has(Quirk::kFirstEvenInvalid) && !is_flag(type));
  const bool lifecycle = key <= Key::kStopping;
  if (settled && !lifecycle) return;
  const auto value = read_value(type, text, profile);
  if (!value) {
    if (!settled) slot.state = State::kInvalid;
    return;
  }
  slot = {.state = State::kGood, .value = *value};
  if (lifecycle) last_lifecycle_ = key;
}

std::optional<std::uint64_t> Message::number(Key key) const {
  if (!has(key)) return std::nullopt;
  return std::get<std::uint64_t>(slot(key).value);
}

std::optional<std::string_view> Message::text(Key key) const {
  if (!has(key)) return std::nullopt;
  return std::get<std::string_view>(slot(key).value);
}

}  // namespace notifyspec::model
