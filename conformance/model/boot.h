// The boot, as a supervisor knows it: which life of PID 1, which start transaction, what was asked of the
// manager.
//
// Rules:
//  1. Only the manager's own messages count: those of its pid, or all where the transport tells no pid.
//  2. A life ends where a soft-reboot was asked for and the manager speaks as a new one (RELOADING=1 or one
//  of its
//     first words, X_SYSTEMD_HOSTNAME, X_SYSTEMD_MACHINE_ID, X_SYSTEMD_SIGNALS_LEVEL).
//  3. A start transaction lasts until the next one that the header lists: After= orders the jobs of one
//  (systemd.unit(5)).
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

/// One event, and what was known when it came. All views live until the next advance().
struct Step {
  const wire::Event* event = nullptr;
  std::size_t line = 0;
  const wire::Message* message = nullptr;  ///< only where the manager itself sent it
  std::span<const KnownField> fields;      ///< of `message`, in order
  FieldMask mask = 0;                      ///< of `fields`
  std::size_t n_assignments = 0;           ///< of `message`, known or not, empty lines aside
  std::size_t life = 0;
  std::size_t transaction = 0;

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
  bool gone() const { return gone_; }                       ///< the system under test has ended
  bool was_ready() const { return was_ready_; }             ///< the harness saw it ready
  bool gave_up() const { return gave_up_; }                 ///< the harness waited until its deadline
  bool refused() const { return refused_; }                 ///< the boot was meant to be refused
  std::size_t n_messages() const { return n_messages_; }    ///< of the manager
  std::size_t n_strangers() const { return n_strangers_; }  ///< messages of other processes
  /// Line of the first READY=1, if any.
  std::optional<std::size_t> ready_line() const { return ready_line_; }
  const std::optional<ShutdownRequest>& shutdown() const { return shutdown_; }
  /// A shutdown was asked for before the system was ready: what belongs to a whole boot need not have come.
  bool cut_short() const { return shutdown_ && !was_ready_ && !gave_up_; }

 private:
  void take(const wire::Message& message);
  void take(const wire::Action& action);
  void take(const wire::Phase& phase);
  void take(const wire::Observation& observation);

  wire::TraceHeader header_;
  int systemd_;
  Step step_;
  std::vector<KnownField> fields_;
  std::optional<ShutdownRequest> shutdown_;
  std::optional<std::size_t> ready_line_;
  std::size_t n_messages_ = 0;
  std::size_t n_strangers_ = 0;
  bool new_life_due_ = false;
  bool gone_ = false;
  bool was_ready_ = false;
  bool gave_up_ = false;
  bool refused_ = false;
};

}  // namespace notifyspec::model
