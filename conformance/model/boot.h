// The boot, as a supervisor knows it: which boot of the machine, which life of PID 1, which start
// transaction, what was asked of the manager.
//
// Rules:
//  1. Only the manager's own messages count: those of its pid where the transport tells one; over vsock those
//     of a port below 1024, from which PID 1 sends (sd_notify(3), Description). What the exam sends is no
//     manager's.
//  2. A boot ends where the system is started again; all that was known of the one before goes with it.
//  3. A life ends with its boot; where a soft-reboot was asked for and the manager speaks as a new one
//     (RELOADING=1 or one of its first words, X_SYSTEMD_HOSTNAME, X_SYSTEMD_MACHINE_ID,
//     X_SYSTEMD_SIGNALS_LEVEL); and with each RELOADING=1 in an initrd, since one of them is its end.
//  4. In an initrd READY=1 says nothing of the boot. The initrd is left once RELOADING=1 is followed by word
//     of the system's identity or units, or the system behind it was seen to run.
//  5. A start transaction lasts until the next one that the header lists: After= orders the jobs of one
//     (systemd.unit(5)).
// It draws no verdict: the rules of stage `verdict` look at each Step, and at the Boot once the trace has
// ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "field/field.h"
#include "model/credential.h"
#include "model/signal.h"
#include "wire/trace.h"

namespace notifyspec::model {

/// A set of rows of the table of fields, one bit each in table order.
using FieldMask = std::uint64_t;

/// The bit of field `name`, which must be in the table.
FieldMask mask_of(std::string_view name);

/// One assignment of a message whose name is in the table.
struct KnownField {
  const field::Field* field = nullptr;
  FieldMask bit = 0;
  std::string_view value;
};

/// How the manager was asked to end.
struct ShutdownRequest {
  std::string verb;  ///< halt, poweroff, reboot, kexec, exit; empty: any
  std::optional<std::string> argument;
  std::size_t line = 0;
};

/// What is known of one boot of the system under test.
struct Course {
  std::optional<std::size_t> ready_line;  ///< of the first READY=1
  std::optional<ShutdownRequest> shutdown;
  bool was_ready = false;  ///< the harness saw it ready
  bool gone = false;       ///< the system under test has ended

  /// A shutdown was asked for before the system was ready: what belongs to a whole boot need not have come.
  bool cut_short() const { return shutdown && !was_ready; }
};

/// One event, and what was known when it came. All views live until the next advance().
struct Step {
  const wire::Event* event = nullptr;
  std::size_t line = 0;
  const wire::Message* message = nullptr;   ///< only where the manager itself sent it
  const wire::Message* stranger = nullptr;  ///< only where somebody else sent it
  const Course* ended = nullptr;            ///< the boot that has ended with this step, if one has
  std::span<const KnownField> fields;       ///< of `message`, in order
  FieldMask mask = 0;                       ///< of `fields`
  std::size_t n_assignments = 0;            ///< of `message`, known or not, empty lines aside
  std::size_t life = 0;
  std::size_t transaction = 0;
  bool in_initrd = false;

  /// The value of the first assignment to the field(s) of `wanted`, if the message has one.
  std::optional<std::string_view> value(FieldMask wanted) const;
};

class Boot {
 public:
  Boot(wire::TraceHeader header, int systemd);

  /// Takes the next event of the trace, which stands on line `line`.
  const Step& advance(const wire::Event& event, std::size_t line);

  const wire::TraceHeader& header() const { return header_; }
  int systemd() const { return systemd_; }
  ManagerKind manager() const;
  /// The boot that goes on, or was the last one.
  const Course& course() const { return course_; }
  const Credential& credential() const { return credential_; }
  bool gave_up() const { return gave_up_; }                 ///< the harness waited until its deadline
  bool refused() const { return refused_; }                 ///< the boot was meant to be refused
  bool booted() const { return booted_; }                   ///< the booted system itself said so
  bool heard_late() const { return heard_late_; }           ///< the receiver was absent at first
  std::size_t n_messages() const { return n_messages_; }    ///< of the manager
  std::size_t n_strangers() const { return n_strangers_; }  ///< messages of other processes
  /// The end of the last boot has not come by the deadline, or the boot was ended before it was ready.
  bool cut_short() const { return course_.cut_short() && !gave_up_; }
  /// Why none of the manager's words could be heard, where none was and no text promises one.
  std::optional<std::string> deaf() const;

 private:
  void take(const wire::Message& message);
  void take(const wire::Action& action);
  void take(const wire::Phase& phase);
  void take(const wire::Observation& observation);

  bool is_stranger(const wire::Message& message) const;
  void read_fields(const wire::Message& message);
  void begin_boot();
  void follow_lives();

  wire::TraceHeader header_;
  int systemd_;
  Step step_;
  std::vector<KnownField> fields_;
  Course course_, ended_;
  Credential credential_;
  std::size_t n_messages_ = 0;
  std::size_t n_strangers_ = 0;
  bool started_ = false;
  bool new_life_due_ = false;
  bool leaves_initrd_ = false;  ///< RELOADING=1 came in the initrd, and READY=1 has not followed
  bool gave_up_ = false;
  bool refused_ = false;
  bool booted_ = false;
  bool heard_late_ = false;
};

}  // namespace notifyspec::model
