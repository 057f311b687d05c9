// The message: what one datagram says to a service manager, as typed fields.
//
// Rules: a flag is set by a whole line that is it, wherever it stands (sd_notify(3) defines no other value);
// of several values of a field the first that is one counts, or the first whether it is one or not
// (Quirk::kFirstEvenInvalid). Names that no service manager knows are passed over. Texts point into what was
// read. Does not know what follows from a message: see service.h. Allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "field/value.h"
#include "model/line_reader.h"
#include "model/profile.h"

namespace notifyspec::model {

/// The fields that a service manager interprets.
enum class Key : std::uint8_t {
  kReady,
  kReloading,
  kStopping,
  kMonotonicUsec,
  kStatus,
  kNotifyAccess,
  kErrno,
  kBusError,
  kVarlinkError,
  kMainPid,
  kMainPidFdId,
  kMainPidFd,
  kWatchdog,
  kWatchdogUsec,
  kExtendTimeoutUsec,
  kRestartReset,
  kFdStore,
  kFdStoreRemove,
  kFdName,
  kBarrier,
};
inline constexpr std::size_t kKeyCount = static_cast<std::size_t>(Key::kBarrier) + 1;

/// The name of `key` in the table of fields.
std::string_view name(Key key);

class Message {
 public:
  /// Forgets what was there, and reads all that `lines` has left.
  void read(LineReader& lines, const Profile& profile);

  std::size_t line_count() const { return line_count_; }

  bool has(Key key) const { return slot(key).state == State::kGood; }
  /// Whether the field is there, but with no value that is one.
  bool is_invalid(Key key) const { return slot(key).state == State::kInvalid; }
  std::optional<std::uint64_t> number(Key key) const;
  std::optional<std::string_view> text(Key key) const;

  /// Which of READY, RELOADING and STOPPING stands last; nothing where none is there.
  std::optional<Key> last_lifecycle() const { return last_lifecycle_; }

 private:
  enum class State : std::uint8_t { kAbsent, kInvalid, kGood };
  struct Slot {
    State state = State::kAbsent;
    field::Value value;
  };
  const Slot& slot(Key key) const { return slots_[static_cast<std::size_t>(key)]; }
  void take(Key key, field::ValueType type, std::string_view text, const Profile& profile);

  std::array<Slot, kKeyCount> slots_;
  std::size_t line_count_ = 0;
  std::optional<Key> last_lifecycle_;
};

}  // namespace notifyspec::model
